import { exitCodes } from "@quiesce/core";
import type { Invocation } from "../invocation/invocation.ts";
import { table } from "../render/table.ts";
import { gather, type Scope } from "./gather.ts";
import type { Unlooked } from "./listed.ts";
import { leftoverDocument } from "./leftover-document.ts";
import type { Leftover } from "./verdict.ts";

/** Shows what runs left behind. Exit code 13 when there is something, 1 when not every place could be looked at. */
export const listLeftovers = async (scope: Scope, invocation: Invocation): Promise<number> =>
  await gather(
    scope,
    invocation,
    () => show([], [], invocation),
    async ({ leftovers, unlooked }) => show(leftovers, unlooked, invocation),
  );

const columns = ["KIND", "ID", "DEPLOYMENT", "RUN", "PLACE", "WHY"].map((heading) => ({ heading }));

const show = (leftovers: readonly Leftover[], unlooked: readonly Unlooked[], { output }: Invocation): number => {
  output.document({ schema: "quiesce.leftovers/1", leftovers: leftovers.map(leftoverDocument), unlooked });
  output.result(leftovers.length === 0 ? "No leftovers." : table(columns, leftovers.map(rowOf)));
  tellUnlooked(unlooked, output);
  if (leftovers.some(({ verdict }) => verdict === "left-over"))
    output.note("Take one into the catalogue: quiesce leftovers adopt ID. Remove: quiesce leftovers clean [ID…]");
  if (unlooked.length > 0) return exitCodes.failed;
  return leftovers.some(({ verdict }) => verdict !== "other-store") ? exitCodes.leftovers : exitCodes.done;
};

export const tellUnlooked = (unlooked: readonly Unlooked[], { warn }: Pick<Invocation["output"], "warn">): void => {
  for (const { place, reason } of unlooked) warn(`Not looked at to the end: ${place}: ${reason}`);
};

const rowOf = ({ listed: { kind, id, tag, place }, reason }: Leftover): readonly string[] => [
  kind,
  id,
  tag.deployment,
  tag.run,
  place,
  reason,
];
