import { byText } from "./by-text.ts";
import { byId, castOf, type Cast } from "./cast.ts";
import { capturesOf } from "./captures.ts";
import { coverageOf, type Coverage } from "./cover.ts";
import { checkDisks, type Create } from "./disks.ts";
import type { Draft } from "./draft.ts";
import { withReasons } from "./findings.ts";
import { freezeOnlyMachines } from "./freeze-only.ts";
import { freezesOf } from "./freeze.ts";
import { frozenMembers } from "./frozen-members.ts";
import { impliedVolumes } from "./implied.ts";
import { inOneRow, levelsOf, reversed, stagesOf, unordered, type Levels, type Part } from "./levels.ts";
import { memberOf } from "./member.ts";
import { noteLeftServices } from "./notes.ts";
import { orderOf } from "./order.ts";
import type { Stage, Step } from "./plan.ts";
import { ranksOf } from "./ranks.ts";
import { routesOf } from "./route.ts";
import { checkRoom } from "./room.ts";
import { select } from "./select.ts";
import { repositoryOf } from "./set-repository.ts";
import { checkWindow } from "./window.ts";
import { takenByMachines } from "./with-machine.ts";
import type { Planning } from "./world.ts";

/** Freeze, capture, thaw, complete: all together, or each unit by itself. */
export const draftBackup = (planning: Planning): Draft => {
  const { world, findings } = planning;
  const { name, kind, redo } = world.options;
  const operation: Create = `${kind}.create`;
  const ids = select(planning, new Set(world.instances.keys()));
  const chosen = ids.flatMap((id) => memberOf(planning, id) ?? []);
  const members = [...chosen, ...impliedVolumes(planning, chosen, operation)].sort((a, b) => byText(a.id, b.id));
  const cast = castOf(planning, members);
  const withMachine = takenByMachines(world, members, operation, cast.attachments);
  const coverage = coverageOf(planning, routesOf(planning, members, operation, withMachine), operation, cast);
  checkDisks(planning, coverage, cast.attachments, operation);
  if (coverage.workers.length === 0 && findings.problems.length === 0)
    findings.problems.push({
      code: "empty-selection",
      message: withReasons(`Nothing would be captured: no selected instance has a ${kind} of its own.`, findings),
      hint: "Select other instances.",
    });
  const freezeOnly = freezeOnlyMachines(planning, members, coverage, cast.attachments);
  noteLeftServices(planning, [...members, ...freezeOnly]);
  const all = [...members, ...freezeOnly].sort((a, b) => byText(a.id, b.id));
  const parts = backupParts(planning, { ...cast, members: all }, coverage, operation);
  checkWindow(planning, parts, byId(all));
  const moves = kind === "backup" && coverage.workers.some(({ route }) => route.by === "provider");
  const repository = moves ? repositoryOf(world) : undefined;
  const backup = { name, kind, ...(repository === undefined ? {} : { repository }) };
  return { stages: stagesIn(planning, cast, parts, redo), members: all, backup };
};

interface BackupParts {
  readonly prepares: Levels;
  readonly releases: Levels;
  readonly services: Levels;
  readonly machines: Levels;
  /** The freezes in the order in which they run. */
  readonly freezes: readonly Levels[];
  readonly captures: Levels;
  readonly completes: Levels;
  readonly payOf: ReadonlyMap<Step["key"], Step>;
}

const backupParts = (planning: Planning, cast: Cast, coverage: Coverage, operation: Create): BackupParts => {
  const { unitOf } = cast.units;
  const { prepares, captures, completes, releases } = capturesOf(planning, coverage, operation);
  checkRoom(planning, captures, cast.members);
  const frozen = frozenMembers(planning, cast, coverage);
  const { freezeDeadlineMs } = planning.world.options;
  const { parts, payOf } = freezesOf(planning, frozen, ({ survey }) =>
    Math.min(freezeDeadlineMs, survey?.maxFreezeMs ?? freezeDeadlineMs),
  );
  const order = orderOf(planning);
  const freezing = (list: readonly Part[]): Levels => {
    const ranks = ranksOf(order, new Set(list.map(({ id }) => id)), unitOf);
    return levelsOf(list, ranks, unitOf, "dependents-first");
  };
  const services = freezing(parts.filter(({ member }) => member.target.kind !== "vm"));
  const machines = freezing(parts.filter(({ member }) => member.target.kind === "vm"));
  return {
    prepares: unordered(prepares, unitOf),
    releases: unordered(releases, unitOf),
    services,
    machines,
    freezes: [services, machines],
    captures: unordered(captures, unitOf),
    completes: unordered(completes, unitOf),
    payOf,
  };
};

const stagesIn = (planning: Planning, { units }: Cast, parts: BackupParts, redo: number): readonly Stage[] => {
  const { prepares, services, machines, captures, completes, releases, payOf } = parts;
  const pay = (step: Step): Step | undefined => payOf.get(step.key);
  const [thawMachines, thawServices] = [reversed(machines, pay), reversed(services, pay)];
  if (planning.world.options.scope === "instance")
    return stagesOf(
      "back up units",
      inOneRow([prepares, services, machines, captures, thawMachines, thawServices, completes, releases]),
      units,
      redo,
    );
  return [
    ...stagesOf("prepare", prepares, units, redo),
    ...stagesOf("freeze services", services, units, redo),
    ...stagesOf("freeze machines", machines, units, redo),
    ...stagesOf("capture", captures, units, redo),
    ...stagesOf("thaw machines", thawMachines, units, redo),
    ...stagesOf("thaw services", thawServices, units, redo),
    ...stagesOf("complete", completes, units, redo),
    ...stagesOf("release", releases, units, redo),
  ];
};
