import { withReasons } from "./findings.ts";
import type { InstanceId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Manifest } from "../model/manifest.ts";
import { isSome } from "../model/some.ts";
import { byText } from "./by-text.ts";
import { castOf, type Cast } from "./cast.ts";
import { coverageOf, type Coverage } from "./cover.ts";
import type { Draft } from "./draft.ts";
import type { Freezes } from "./freeze.ts";
import { chosenItems, setOf, tellWithout } from "./items.ts";
import { levelsOf, reversed, stagesOf, type Levels, type Part } from "./levels.ts";
import { writtenMember, type Member } from "./member.ts";
import { checkMixedTime } from "./mixed-time.ts";
import { noteDependents } from "./notes.ts";
import { orderOf } from "./order.ts";
import type { Step } from "./plan.ts";
import { preparationsOf } from "./prepare.ts";
import { ranksOf, type Rank } from "./ranks.ts";
import { restorable } from "./restorable.ts";
import { owedByRestore } from "./thaw-check.ts";
import { routesOf } from "./route.ts";
import { stepsFor } from "./step.ts";
import type { Planning } from "./world.ts";

type Operation = `${Manifest["kind"]}.restore`;

/** Services are prepared, content is put back, guests that were captured frozen are thawed, services are finalized. */
export const draftRestore = (planning: Planning): Draft => {
  const set = setOf(planning);
  if (set === undefined) return { stages: [], members: [] };
  const operation: Operation = `${set.kind}.restore`;
  const { members: chosen, without } = chosenItems(planning, set);
  const services = servicesOf(planning, without);
  tellWithout(planning, set, without, operation);
  const items = restorable(planning, chosen, set, operation);
  const members = [...items, ...services].sort((a, b) => byText(a.id, b.id));
  const cast = castOf(planning, members);
  const coverage = coverageOf(planning, routesOf(planning, items, operation), operation, cast);
  const restored = restoredBy(coverage);
  checkWork(planning, set, coverage);
  checkMixedTime(planning, cast, restored, set);
  noteDependents(planning, restored);
  if (!set.complete)
    planning.findings.notes.push({ message: `${set.kind} ${set.name} is not complete: its run did not end well.` });
  const units = new Set([...restored].map((id) => cast.units.unitOf(id)));
  const touched = members.filter(({ id }) => units.has(cast.units.unitOf(id)));
  const prepared = preparationsOf(planning, touched);
  return {
    stages: stagesIn(planning, cast, restoresOf(planning, coverage, prepared, operation), prepared),
    members,
    backup: { id: set.id, name: set.name, kind: set.kind },
  };
};

interface Restores {
  readonly parts: readonly Part[];
  /** Restore step → the step that thaws what it may bring back frozen. */
  readonly payOf: ReadonlyMap<Step["key"], Step>;
}

const restoresOf = (planning: Planning, coverage: Coverage, prepared: Freezes, operation: Operation): Restores => {
  const payOf = new Map<Step["key"], Step>();
  const preparedIds = new Set(prepared.parts.map(({ id }) => id));
  const parts = coverage.workers.flatMap(({ member, route }): readonly Part[] => {
    const input = inputOf(member);
    const covers = coverage.coversOf.get(member.id) ?? [];
    const steps = stepsFor(planning.world, member, route, operation, input, covers).map((step): Step => {
      if (step.does !== "cell") return step;
      const owed = owedByRestore(planning, member, step.key, preparedIds);
      if (owed === undefined) return step;
      payOf.set(step.key, owed.pay);
      return { ...step, owes: owed.debt };
    });
    return isSome(steps) ? [{ id: member.id, steps }] : [];
  });
  return { parts, payOf };
};

/** What the set recorded, as the handler wants it. */
const inputOf = ({ item }: Member): JsonObject => ({
  from: (item?.artefacts ?? []).map((artefact) => ({ ...artefact })),
  saved: item?.saved ?? {},
  as: { place: "in-place" },
});

const stagesIn = (
  planning: Planning,
  { units, members }: Cast,
  restores: Restores,
  prepared: Freezes,
): Draft["stages"] => {
  const { unitOf } = units;
  const ids = new Set(prepared.parts.map(({ id }) => id));
  const prepare = levelsOf(prepared.parts, ranksOf(orderOf(planning), ids, unitOf), unitOf, "dependents-first");
  const restore = levelsOf(restores.parts, ranksByKind(members), unitOf, "dependencies-first");
  const pay = (of: ReadonlyMap<Step["key"], Step>, levels: Levels): Levels =>
    reversed(levels, ({ key }) => of.get(key));
  return [
    ...stagesOf("prepare services", prepare, units, 0),
    ...stagesOf("restore", restore, units, 0),
    ...stagesOf("thaw check", pay(restores.payOf, restore), units, 0),
    ...stagesOf("finalize services", pay(prepared.payOf, prepare), units, 0),
  ];
};

/** Inside a unit: networks and volumes, then machines, then what runs in them. */
const ranksByKind = (members: readonly Member[]): ReadonlyMap<InstanceId, Rank> => {
  const links = { network: 0, volume: 0, vm: 1, other: 2 } as const;
  return new Map(members.map(({ id, target }) => [id, { level: 0, link: links[target.kind] }]));
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

/** Services that bind a freeze take part although a set holds nothing of them. */
const servicesOf = (planning: Planning, ids: readonly InstanceId[]): readonly Member[] =>
  ids.flatMap((id) => {
    const instance = planning.world.instances.get(id);
    return instance?.kind === "other" && instance.bound.freeze !== undefined ? [writtenMember(id, instance)] : [];
  });
