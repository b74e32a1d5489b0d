import { withReasons } from "./findings.ts";
import { isSome } from "../model/some.ts";
import { castOf } from "./cast.ts";
import { coverageOf } from "./cover.ts";
import type { Draft } from "./draft.ts";
import { chosenItems, setOf, tellWithout } from "./items.ts";
import { levelsOf, stagesOf, type Part } from "./levels.ts";
import type { Member } from "./member.ts";
import { depthsOf, newestFirst } from "./newest-first.ts";
import type { Rank } from "./ranks.ts";
import { checkRemovable } from "./removable.ts";
import { routesOf } from "./route.ts";
import { checkRepository, plannedSet } from "./set-repository.ts";
import { stepsFor } from "./step.ts";
import { heldByMachines } from "./with-machine.ts";
import type { Planning } from "./world.ts";

/** Removes what the set recorded, newest first; nothing is frozen or stopped for it. */
export const draftRemoveBackup = (planning: Planning): Draft => {
  const set = setOf(planning);
  if (set === undefined) return { stages: [], members: [] };
  checkRepository(planning, set);
  const operation = `${set.kind}.remove` as const;
  const { members, items, without } = chosenItems(planning, set);
  if (planning.world.options.include !== "all") tellWithout(planning, set, without, operation);
  checkRemovable(planning, set, items);
  const cast = castOf(planning, members);
  const routed = routesOf(planning, members, operation, heldByMachines(members));
  const { workers, coversOf } = coverageOf(planning, routed, operation, cast);
  const parts = workers.flatMap(({ member, route }): readonly Part[] => {
    const { artefacts = [], saved = {} } = member.item ?? {};
    const input = { artefacts: newestFirst(artefacts).map((one) => ({ ...one })), saved };
    const steps = stepsFor(planning.world, member, route, operation, input, coversOf.get(member.id) ?? []);
    return isSome(steps) ? [{ id: member.id, steps }] : [];
  });
  if (parts.length === 0 && planning.findings.problems.length === 0)
    planning.findings.problems.push({
      code: "empty-selection",
      message: withReasons(
        `Nothing would be removed: ${set.kind} ${set.name} holds nothing of what is selected.`,
        planning.findings,
      ),
    });
  const levels = levelsOf(parts, ranksByParents(members), cast.units.unitOf, "dependents-first");
  return {
    stages: stagesOf("remove", levels, cast.units, 0),
    members,
    backup: plannedSet(set),
  };
};

/** Inside a unit an item goes before those whose artefacts it needs. */
const ranksByParents = (members: readonly Member[]): ReadonlyMap<Member["id"], Rank> => {
  const depths = depthsOf(members.flatMap(({ item }) => item?.artefacts ?? []));
  return new Map(
    members.map(({ id, item }) => {
      const link = (item?.artefacts ?? []).reduce((most, artefact) => Math.max(most, depths.get(artefact.id) ?? 0), 0);
      return [id, { level: 0, link }];
    }),
  );
};
