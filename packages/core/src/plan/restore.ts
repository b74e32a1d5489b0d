import { withReasons } from "./findings.ts";
import type { InstanceId } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import { byText } from "./by-text.ts";
import { castOf, type Cast } from "./cast.ts";
import { coverageOf, type Coverage } from "./cover.ts";
import type { Draft } from "./draft.ts";
import { chosenItems, setOf, tellWithout } from "./items.ts";
import type { Member } from "./member.ts";
import { checkMixedTime } from "./mixed-time.ts";
import { noteDependents } from "./notes.ts";
import { preparationsOf } from "./prepare.ts";
import { preparedServices } from "./prepared-services.ts";
import { restorable, stillThere } from "./restorable.ts";
import { beside, checkBeside } from "./restore-beside.ts";
import { restoreStages } from "./restore-stages.ts";
import { restoresOf } from "./restores.ts";
import { routesOf } from "./route.ts";
import { checkRepository, plannedSet } from "./set-repository.ts";
import { heldByMachines } from "./with-machine.ts";
import type { Planning } from "./world.ts";

/**
 * Services are prepared, content is put back, guests that may have come back frozen are thawed, services are
 * finalized. Beside the original (`as`) one machine is made anew, and nothing that runs is touched.
 */
export const draftRestore = (planning: Planning): Draft => {
  const set = setOf(planning);
  if (set === undefined) return { stages: [], members: [] };
  checkRepository(planning, set);
  const { as } = planning.world.options;
  const operation = `${set.kind}.restore` as const;
  const { members: chosen, without } = chosenItems(planning, set);
  tellWithout(planning, set, without, operation);
  const whole = restorable(planning, chosen, set, operation);
  const items = as === undefined ? stillThere(planning, whole, set) : beside(planning, whole, set);
  const services = as === undefined ? preparedServices(planning, without) : [];
  const members = [...items, ...services].sort((a, b) => byText(a.id, b.id));
  const cast = castOf(planning, members);
  const routed = routesOf(planning, items, operation, heldByMachines(items));
  const coverage = coverageOf(planning, routed, operation, cast);
  if (as === undefined) checkInPlace(planning, set, cast, coverage);
  else checkBeside(planning, as, set, coverage);
  if (!set.complete)
    planning.findings.notes.push({ message: `${set.kind} ${set.name} is not complete: its run did not end well.` });
  const prepared = preparationsOf(planning, as === undefined ? touchedBy(cast, coverage) : []);
  return {
    stages: restoreStages(planning, cast, restoresOf(planning, coverage, prepared, set), prepared),
    members,
    backup: plannedSet(set),
  };
};

const checkInPlace = (planning: Planning, set: Manifest, cast: Cast, coverage: Coverage): void => {
  const restored = restoredBy(coverage);
  checkWork(planning, set, coverage);
  checkMixedTime(planning, cast, restored, set);
  noteDependents(planning, restored);
};

/** Members of units of which something comes back: their services are prepared. */
const touchedBy = ({ members, units }: Cast, coverage: Coverage): readonly Member[] => {
  const touched = new Set([...restoredBy(coverage)].map((id) => units.unitOf(id)));
  return members.filter(({ id }) => touched.has(units.unitOf(id)));
};

/** What comes back with this plan: compared instances do not. */
const restoredBy = ({ workers, coversOf }: Coverage): ReadonlySet<InstanceId> => {
  const compared = new Set(workers.flatMap(({ member, route }) => (route.by === "compare" ? [member.id] : [])));
  const worked = workers.flatMap(({ member }) => (compared.has(member.id) ? [] : [member.id]));
  const covered = [...coversOf].flatMap(([by, covers]) =>
    compared.has(by) ? [] : covers.map(({ instance }) => instance),
  );
  return new Set([...worked, ...covered]);
};

const checkWork = ({ findings }: Planning, set: Manifest, { workers }: Coverage): void => {
  if (workers.length > 0 || findings.problems.length > 0) return;
  findings.problems.push({
    code: "empty-selection",
    message: withReasons(
      `Nothing would be restored: ${set.kind} ${set.name} holds nothing of what is selected.`,
      findings,
    ),
  });
};
