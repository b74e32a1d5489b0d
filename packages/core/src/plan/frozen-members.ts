import type { CellRef } from "../capability/capability.ts";
import type { UnitId } from "../model/id.ts";
import type { Cast } from "./cast.ts";
import { effectiveCell, modeOf } from "./cell.ts";
import type { Coverage } from "./cover.ts";
import { omit } from "./findings.ts";
import type { Frozen } from "./freeze.ts";
import type { Member } from "./member.ts";
import { freezeRouteOf } from "./quiesce.ts";
import type { Planning } from "./world.ts";

/** Only what is captured needs to be quiet: a unit of which nothing is taken is left alone. */
export const frozenMembers = (
  planning: Planning,
  { members, units }: Cast,
  { workers, coversOf }: Coverage,
): readonly Frozen[] => {
  const takes = workers.filter(({ route }) => route.by !== "compare");
  const captured = new Set<UnitId>(takes.map(({ member }) => units.unitOf(member.id)));
  const byProvider = takes.flatMap(({ member, route }) => (route.by === "provider" ? [member.id] : []));
  const taken = new Set([...byProvider, ...[...coversOf.values()].flat().map(({ instance }) => instance)]);
  return members.flatMap((member): readonly Frozen[] => {
    if (!captured.has(units.unitOf(member.id))) return leaveAlone(planning, member);
    const hasStep = ({ kind, operation }: CellRef): boolean =>
      kind === member.target.kind && operation === `${planning.world.options.kind}.create` && taken.has(member.id);
    const route = freezeRouteOf(planning, member, hasStep);
    return route === undefined ? [] : [{ member, route }];
  });
};

const leaveAlone = ({ world, findings }: Planning, member: Member): readonly [] => {
  const cell = effectiveCell(world, member, "freeze");
  if (cell.is === "bound" || cell.is === "declared")
    omit(findings, member, "freeze", modeOf(cell), "nothing-to-do", "nothing of its unit is captured");
  return [];
};
