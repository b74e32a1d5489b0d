import {
  asId,
  definePlugin,
  failure,
  isProviderFailure,
  type Account,
  type CaptureHandler,
  type Context,
  type Digest,
  type Handler,
  type Input,
  type Operation,
  type Outcome,
  type Plugin,
  type Schema,
  type Surveyed,
  type Target,
} from "@quiesce/core";
import { toyCapabilities } from "./toy-capabilities.ts";
import type { ToyCloud, ToySnapshot } from "./toy-cloud.ts";

type On<O extends Operation> = Input<O, object>;
type Seen<O extends Operation> = Context<ToyCloud, On<O>, Target<"vm">>;
type Of<O extends Operation> = Handler<ToyCloud, ToyCloud, On<O>, Target<"vm">>;

const anything: Schema<unknown> = { "~standard": { version: 1, vendor: "toy", validate: (value) => ({ value }) } };
const done = (outcome: Partial<Outcome> = {}) =>
  ({ is: "done", outcome: { artefacts: [], covered: [], saved: {}, ...outcome } }) as const;
const absent = { is: "absent" } as const;
const look = { next: "observe" } as const;

const suspend: Of<"suspend"> = {
  observe: async (c) => {
    const { power, note } = await c.api.read(c.target.providerId, c.signal);
    return power === "running" ? absent : done({ saved: c.input.prior ?? { power: note ?? power } });
  },
  act: async (c) => {
    await c.api.power(c.target.providerId, "suspended", "running", c.signal);
    return look;
  },
};

const resume: Of<"resume"> = {
  observe: async (c) => {
    const { power } = await c.api.read(c.target.providerId, c.signal);
    return power === (c.input.prior["power"] ?? "running") ? done() : absent;
  },
  act: async (c) => {
    await c.api.power(c.target.providerId, "running", undefined, c.signal);
    return look;
  },
};

const freeze: Of<"freeze"> = {
  observe: async (c) =>
    (await c.api.read(c.target.providerId, c.signal)).frozen ? done({ saved: { fileSystems: 1 } }) : absent,
  act: async (c) => {
    await c.api.freeze(c.target.providerId, c.signal);
    return { next: "evidence", outcome: done({ saved: { fileSystems: 1 } }).outcome };
  },
};

const thaw: Of<"thaw"> = {
  observe: async (c) => ((await c.api.read(c.target.providerId, c.signal)).frozen ? absent : done()),
  act: async (c) => {
    await c.api.thaw(c.target.providerId, c.signal);
    return look;
  },
};

const tagOf = (c: Seen<Operation>): string => `${c.tag.store}/${c.tag.deployment}/${c.run}`;
const nameOf = (c: Seen<Operation>): string => c.name({ max: 63, allow: /[a-z0-9-]/ });
const artefactOf = ({ id, vm, name }: ToySnapshot) => ({ kind: "toy-snapshot", id, owner: vm, name });

const ours = async (c: Seen<Operation>): Promise<readonly ToySnapshot[]> =>
  (await c.api.list(c.target.providerId, c.signal)).filter((s) => s.name === nameOf(c) && s.tag === tagOf(c));

const create: CaptureHandler<ToyCloud, ToyCloud, On<"snapshot.create">, Target<"vm">> = {
  observe: async (c) => {
    const [first, second] = await ours(c);
    if (first === undefined) return absent;
    if (second !== undefined) return { is: "ambiguous", ids: [first.id, second.id] };
    const { volumes } = await c.api.read(c.target.providerId, c.signal);
    return done({ artefacts: [artefactOf(first)], covered: volumes, consistency: c.frozen ? "fs" : "memory" });
  },
  act: async (c) => {
    await c.api.snapshot(c.target.providerId, nameOf(c), tagOf(c), c.signal);
    return look;
  },
  complete: async () => {},
};

const reverted = new WeakMap<ToyCloud, Map<string, string>>();
const revertsOf = (api: ToyCloud): Map<string, string> => {
  const known = reverted.get(api) ?? new Map<string, string>();
  reverted.set(api, known);
  return known;
};

const restore: Of<"snapshot.restore"> = {
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

const remove: Of<"snapshot.remove"> = {
  observe: async (c) => {
    const ids = new Set(c.input.artefacts.map(({ id }) => id));
    const left = (await c.api.list(c.target.providerId, c.signal)).filter(({ id }) => ids.has(id));
    return left.length === 0 ? done({ covered: c.target.covers }) : absent;
  },
  act: async (c) => {
    for (const { id } of c.input.artefacts) await c.api.remove(c.target.providerId, id, c.signal);
    return look;
  },
};

/** A plugin for a toy cloud: the shortest plugin that has every kind of cell. */
export const toyPlugin = (cloud: ToyCloud): Plugin =>
  definePlugin({
    name: "toy",
    apiVersion: 1,
    capabilities: toyCapabilities,
    config: anything,
    names: { max: 63, allow: /[a-z0-9-]/ },
    settleMs: 0,
    connect: async () => ({
      read: cloud,
      write: cloud,
      account: asId<Account>("toy"),
      restrictions: [],
      close: async () => {},
    }),
    survey: async (api, targets) => targets.map((target) => surveyOf(api, target)),
    async *owned(api, by) {
      for (const snapshot of api.snapshots.values())
        if (snapshot.tag.startsWith(`${by.store}/`)) yield artefactOf(snapshot);
    },
    handlers: {
      vm: {
        suspend,
        resume,
        freeze,
        thaw,
        "snapshot.create": create,
        "snapshot.restore": restore,
        "snapshot.remove": remove,
      },
      volume: {},
      network: {},
    },
    problem: (thrown) =>
      isProviderFailure(thrown)
        ? thrown.problem
        : {
            code: "protocol",
            advice: { retry: "never" },
            message: thrown instanceof Error ? thrown.message : "unknown failure",
          },
  });

const surveyOf = (api: ToyCloud, { instance, providerId, kind }: Target): Surveyed => {
  const found = [...api.vms.values()].filter((vm) => vm.id === providerId || vm.name === providerId);
  const holders = [...api.vms.values()].filter(({ volumes }) => volumes.includes(providerId));
  const common = {
    instance,
    account: asId<Account>("toy"),
    lowered: [],
    recipes: {},
    notes: [],
    disks: [],
    attachedTo: [],
  };
  if (kind === "volume")
    return {
      ...common,
      providerId,
      name: providerId,
      state: "in use",
      fingerprint: asId<Digest>(providerId),
      attachedTo: holders.map(({ id }) => id),
    };
  if (kind === "network")
    return { ...common, providerId, name: providerId, state: "there", fingerprint: asId<Digest>(providerId) };
  const [vm, other] = found;
  if (vm === undefined)
    return { instance, is: "missing", reason: `The toy cloud has no machine ${providerId}.`, ids: [] };
  if (other !== undefined)
    return { instance, is: "ambiguous", reason: "Two machines match.", ids: found.map(({ id }) => id) };
  const captured = { by: "vm" } as const;
  return {
    ...common,
    providerId: vm.id,
    name: vm.name,
    state: vm.power,
    fingerprint: asId<Digest>(`${vm.id} ${vm.power}`),
    disks: vm.volumes.map((volume) => ({
      name: volume,
      volume,
      captured: { "snapshot.create": captured, "backup.create": captured },
    })),
  };
};
