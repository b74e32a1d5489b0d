import { failure, type CaptureHandler, type Target } from "@quiesce/core";
import type { ToyCloud, ToySnapshot } from "./toy-cloud.ts";
import { absent, done, isOurs, look, nameOf, tagOf, type Looking, type Of, type On } from "./toy-context.ts";
import { snapshotsOf } from "./toy-pages.ts";

export const snapshotArtefact = ({ id, vm, name }: ToySnapshot) => ({ kind: "toy-snapshot", id, owner: vm, name });

const ours = async (c: Looking<"snapshot.create">): Promise<readonly ToySnapshot[]> =>
  (await snapshotsOf(c.api, c.target.providerId, c.signal)).filter(isOurs(c));

export const createSnapshot: CaptureHandler<ToyCloud, ToyCloud, On<"snapshot.create">, Target<"vm">> = {
  observe: async (c) => {
    const [first, second] = await ours(c);
    if (first === undefined) return absent;
    if (second !== undefined) return { is: "ambiguous", ids: [first.id, second.id] };
    const { volumes, power } = await c.api.read(c.target.providerId, c.signal);
    const unfrozen = power === "suspended" ? "paused" : "memory";
    return done({ artefacts: [snapshotArtefact(first)], covered: volumes, consistency: c.frozen ? "fs" : unfrozen });
  },
  act: async (c) => {
    await c.api.snapshot(c.target.providerId, nameOf(c), tagOf(c), c.signal);
    return look;
  },
  complete: async () => {},
  discard: async (c) => {
    for (const { vm, id } of await ours(c)) await c.api.remove(vm, id, c.signal);
  },
};

const reverted = new WeakMap<ToyCloud, Map<string, string>>();
const revertsOf = (api: ToyCloud): Map<string, string> => {
  const known = reverted.get(api) ?? new Map<string, string>();
  reverted.set(api, known);
  return known;
};

export const restoreSnapshot: Of<"snapshot.restore"> = {
  observe: async (c) => {
    await c.api.read(c.target.providerId, c.signal);
    return revertsOf(c.api).get(c.target.providerId) === c.run ? done({ covered: c.target.covers }) : absent;
  },
  act: async (c) => {
    const [artefact] = c.input.from;
    if (artefact === undefined) throw failure("not-found", "The set holds no snapshot of this machine.");
    await c.api.revert(c.target.providerId, artefact.id, c.signal);
    revertsOf(c.api).set(c.target.providerId, c.run);
    return look;
  },
};

export const removeSnapshot: Of<"snapshot.remove"> = {
  observe: async (c) => {
    const ids = new Set(c.input.artefacts.map(({ id }) => id));
    const left = (await snapshotsOf(c.api, c.target.providerId, c.signal)).filter(({ id }) => ids.has(id));
    return left.length === 0 ? done({ covered: c.target.covers }) : absent;
  },
  act: async (c) => {
    for (const { id } of c.input.artefacts) await c.api.remove(c.target.providerId, id, c.signal);
    return look;
  },
};
