import { failure, type Handler, type Kept, type Target } from "@quiesce/core";
import type { ToyCloud } from "./toy-cloud.ts";
import { absent, done, look, type On } from "./toy-context.ts";

type Revocation = Handler<ToyCloud, ToyCloud, Kept<On<"backup.restore">>, Target<"vm">>;
type Revoke = Parameters<Revocation["observe"]>[0];

/** The tag of what the restore made, whichever run takes it back. */
const tagOfRestore = ({ tag, input }: Revoke): string => `${tag.store}/${tag.deployment}/${input.restored.run}`;

const machineOf = ({ input, target }: Revoke): string => {
  const vm = input.kept?.["vm"];
  return typeof vm === "string" ? vm : target.providerId;
};

const disksOf = (c: Revoke) => c.api.disks.of(tagOfRestore(c), machineOf(c), c.signal);

/** One call gives the machine back what it had; what was not given to it yet goes after it. */
export const undoRestore: Revocation = {
  observe: async (c) => {
    const tag = tagOfRestore(c);
    const vm = await c.api.find(machineOf(c), c.signal);
    const { made, kept } = await disksOf(c);
    const isUndone = c.input.kept === undefined || vm === undefined || vm.undone === tag;
    return vm?.mark === tag || made.length > 0 || kept.length > 0 || !isUndone ? absent : done();
  },
  act: async (c) => {
    const tag = tagOfRestore(c);
    const vm = await c.api.find(machineOf(c), c.signal);
    const { made } = await disksOf(c);
    if (vm?.mark === tag) await assertOldDisks(c);
    if (vm?.mark === tag) await c.api.putBack(vm.id, tag, c.signal);
    else if (c.input.kept !== undefined && vm !== undefined && vm.undone !== tag)
      throw failure("conflict", `${vm.id} was restored again since run ${c.input.restored.run}; nothing was touched.`);
    for (const { id } of made) await c.api.disks.drop(id, c.signal);
    return look;
  },
};

const assertOldDisks = async (c: Revoke): Promise<void> => {
  const there = (await disksOf(c)).kept.map(({ id }) => id);
  const recorded = c.input.kept?.["disks"];
  const gone = (Array.isArray(recorded) ? recorded : []).filter((id) => !there.some((one) => one === id));
  if (gone.length > 0) throw failure("not-found", `The old disks ${gone.join(", ")} of ${machineOf(c)} are gone.`);
};

/** The old disks go, one after the other. */
export const commitRestore: Revocation = {
  observe: async (c) => ((await disksOf(c)).kept.length > 0 ? absent : done()),
  act: async (c) => {
    for (const { id } of (await disksOf(c)).kept) await c.api.disks.drop(id, c.signal);
    return look;
  },
};
