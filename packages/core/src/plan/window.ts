import type { InstanceId, UnitId } from "../model/id.ts";
import { inOneRow, type Levels } from "./levels.ts";
import type { Member } from "./member.ts";
import type { Step } from "./plan.ts";
import type { Planning, World } from "./world.ts";

/** The parts of a backup that lie between the first freeze and the last thaw. */
export interface WindowParts {
  /** In the order in which they run. */
  readonly freezes: readonly Levels[];
  readonly captures: Levels;
}

const defaultParallel = 8;

/**
 * Refuses a plan whose expected freeze window is longer than the guest or the deadline allows. What a provider
 * expects a call to take comes from the surveys; what nobody knows counts as nothing.
 */
export const checkWindow = (planning: Planning, parts: WindowParts, members: ReadonlyMap<InstanceId, Member>): void => {
  const { world, findings } = planning;
  const units = new Set<UnitId>([...parts.freezes.flat(), ...parts.captures].flatMap((level) => [...level.keys()]));
  const limits = limitsOf(parts, members, world);
  const alone = aloneMs(parts, members);
  if (world.options.scope === "deployment") {
    const expected = togetherMs(parts, members, world);
    const shortest = [...limits].reduce<Limit | undefined>(
      (least, [, l]) => (least && least.ms <= l.ms ? least : l),
      undefined,
    );
    if (shortest === undefined || expected <= shortest.ms) return;
    const fits = [...units].every((unit) => (alone.get(unit) ?? 0) <= (limits.get(unit)?.ms ?? Infinity));
    findings.problems.push({
      code: "window-too-long",
      instance: shortest.of.id,
      message: `All would be frozen for about ${seconds(expected)}, but ${whyOf(shortest)}.`,
      hint: fits
        ? "Choose --consistency instance: each unit is then frozen by itself, for a shorter time."
        : "Not even a single unit fits: choose a longer --freeze-deadline, or --quiesce off.",
    });
    return;
  }
  for (const [unit, limit] of limits) {
    const expected = alone.get(unit) ?? 0;
    if (expected > limit.ms)
      findings.problems.push({
        code: "window-too-long",
        instance: limit.of.id,
        message: `${unit} would be frozen for about ${seconds(expected)}, but ${whyOf(limit)}.`,
        hint: `Choose a longer --freeze-deadline, or skip freeze of ${limit.of.id}.`,
      });
  }
};

interface Limit {
  readonly ms: number;
  readonly of: Member;
}

/** The shortest freeze that a member of each unit bears. */
const limitsOf = (
  { freezes }: WindowParts,
  members: ReadonlyMap<InstanceId, Member>,
  { options }: World,
): ReadonlyMap<UnitId, Limit> => {
  const limits = new Map<UnitId, Limit>();
  for (const level of freezes.flat())
    for (const [unit, links] of level)
      for (const link of links)
        for (const { targets } of link) {
          const of = members.get(targets[0].instance);
          const ms = Math.min(of?.survey?.maxFreezeMs ?? Infinity, options.freezeDeadlineMs);
          const known = limits.get(unit);
          if (of !== undefined && (known === undefined || ms < known.ms)) limits.set(unit, { ms, of });
        }
  return limits;
};

const whyOf = ({ ms, of }: Limit): string =>
  ms === of.survey?.maxFreezeMs
    ? `${of.id} bears a freeze of ${seconds(ms)} only`
    : `${of.id} must be thawed after ${seconds(ms)}, the freeze deadline`;

/** Every unit waits for every other at each barrier; the calls of an account wait for each other at its limit. */
const togetherMs = (
  { freezes, captures }: WindowParts,
  members: ReadonlyMap<InstanceId, Member>,
  world: World,
): number => {
  const freezing = freezes
    .flat()
    .reduce((sum, level) => sum + levelMs([...level.values()].flat(2), "freezeMs", members, world), 0);
  const capturing = levelMs(
    [...captures].flatMap((level) => [...level.values()].flat(2)),
    "captureMs",
    members,
    world,
  );
  // A payment never waits for another.
  const thawing = freezes
    .flat()
    .reduce((sum, level) => sum + longest([...level.values()].flat(2), "thawMs", members), 0);
  return freezing + capturing + thawing;
};

/** A unit by itself: its links in a row, the steps of a link side by side. */
const aloneMs = (
  { freezes, captures }: WindowParts,
  members: ReadonlyMap<InstanceId, Member>,
): ReadonlyMap<UnitId, number> => {
  const total = new Map<UnitId, number>();
  const add = (levels: Levels, field: Estimate): void => {
    for (const level of levels)
      for (const [unit, links] of level)
        for (const link of links) total.set(unit, (total.get(unit) ?? 0) + longest(link, field, members));
  };
  add(inOneRow(freezes), "freezeMs");
  add(captures, "captureMs");
  add(inOneRow(freezes), "thawMs");
  return total;
};

type Estimate = "freezeMs" | "captureMs" | "thawMs";

const estimateOf = (step: Step, field: Estimate, members: ReadonlyMap<InstanceId, Member>): number =>
  members.get(step.targets[0].instance)?.survey?.estimate?.[field] ?? 0;

const longest = (steps: readonly Step[], field: Estimate, members: ReadonlyMap<InstanceId, Member>): number =>
  steps.reduce((most, step) => Math.max(most, estimateOf(step, field, members)), 0);

const levelMs = (
  steps: readonly Step[],
  field: Estimate,
  members: ReadonlyMap<InstanceId, Member>,
  { limits }: World,
): number => {
  let most = 0;
  for (const [account, list] of Map.groupBy(steps, (step) => step.account)) {
    const sum = list.reduce((total, step) => total + estimateOf(step, field, members), 0);
    const parallel = Math.max(1, limits.get(account) ?? defaultParallel);
    most = Math.max(most, sum / parallel, longest(list, field, members));
  }
  return most;
};

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
