import type { BackupId, Instant } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Some } from "../model/some.ts";
import { isSome } from "../model/some.ts";
import { byBackupId } from "./chain.ts";
import { clockTrouble } from "./clock-trouble.ts";
import { childrenFirst } from "./closure-of.ts";
import { keepByBuckets, keepLast, keepWithin, type Keep } from "./keep-by-rules.ts";
import { hasTimeRule, isRule, type RetentionPolicy } from "./policy.ts";
import { flawOfSet } from "./restorable-set.ts";

export interface PruneVerdict {
  readonly set: Manifest;
  readonly keep: boolean;
  /** Why it is kept, or why it goes. */
  readonly reasons: Some<string>;
}

export interface PrunePlan {
  /** One per set, in the order given. */
  readonly verdicts: readonly PruneVerdict[];
  /** What goes, in the order in which it must be removed: what builds on another set before that one. */
  readonly remove: readonly Manifest[];
  /** Part of all sets that goes, 0 to 1. The command line asks for more than a yes above 0.2. */
  readonly share: number;
}

/**
 * Which sets a policy keeps, and which go; pure, and nothing is removed by it. Deployments and kinds are judged apart,
 * whole sets only. `sets`: newest first, as the catalogue lists them; this order counts, the clock only fills buckets.
 * Always kept: protected sets, the newest set that can be restored, what failed after it (its run may still work), and
 * all that a kept set builds on. A policy without a rule keeps everything, and so does a clock that went back where a
 * rule needs it. `now`: to find out that the clock went back.
 */
export const prunePlan = (sets: readonly Manifest[], policy: RetentionPolicy, now?: Instant): PrunePlan => {
  const reasons = new Map<BackupId, string[]>();
  const keep: Keep = (id, reason) => {
    const known = reasons.get(id);
    if (known === undefined) reasons.set(id, [reason]);
    else known.push(reason);
  };
  const known = byBackupId(sets);
  const flaws = new Map(sets.map((set) => [set.id, flawOfSet(set, known)]));
  for (const group of Map.groupBy(sets, ({ deployment, kind }) => JSON.stringify([deployment, kind])).values())
    keepOfGroup(group, policy, flaws, now, keep);
  for (const { id, protected: guarded } of sets) if (guarded === true) keep(id, "protected");
  keepWhatIsNeeded(known, reasons, keep);
  const verdicts = sets.map((set) => verdictOf(set, reasons.get(set.id) ?? [], flaws.get(set.id)));
  const remove = childrenFirst(verdicts.flatMap((verdict) => (verdict.keep ? [] : [verdict.set])));
  return { verdicts, remove, share: sets.length === 0 ? 0 : remove.length / sets.length };
};

type Flaws = ReadonlyMap<BackupId, string | undefined>;

/** The rules, for sets of one deployment and kind. */
const keepOfGroup = (
  group: readonly Manifest[],
  policy: RetentionPolicy,
  flaws: Flaws,
  now: Instant | undefined,
  keep: Keep,
): void => {
  const restorable = group.filter(({ id }) => flaws.get(id) === undefined);
  const [newest] = restorable;
  const after = newest === undefined ? group : group.slice(0, group.indexOf(newest));
  for (const { id } of after) keep(id, "nothing as new can be restored");
  if (newest === undefined) return;
  keep(newest.id, "the newest that can be restored");
  const timed = hasTimeRule(policy);
  const trouble = timed ? clockTrouble(group, now) : undefined;
  const why = !timed && !isRule(policy.keepLast) ? "no rule was given" : trouble;
  if (why !== undefined) for (const { id } of group) keep(id, why);
  keepLast(policy, restorable, keep);
  if (trouble !== undefined) return;
  keepByBuckets(policy, restorable, keep);
  keepWithin(policy, group, newest, keep);
};

/** What is kept needs all that it builds on. */
const keepWhatIsNeeded = (
  sets: ReadonlyMap<BackupId, Manifest>,
  kept: ReadonlyMap<BackupId, readonly string[]>,
  keep: Keep,
): void => {
  // A map is walked in the order of insertion, and what is kept on the way is walked, too.
  for (const id of kept.keys()) {
    const set = sets.get(id);
    const parents = new Set(set?.items.flatMap(({ parent }) => parent ?? []));
    for (const parent of parents) if (parent !== id) keep(parent, `${set?.name} builds on it`);
  }
};

const verdictOf = (set: Manifest, kept: readonly string[], flaw: string | undefined): PruneVerdict => {
  if (isSome(kept)) return { set, keep: true, reasons: kept };
  return { set, keep: false, reasons: [flaw === undefined ? "no rule keeps it" : `it cannot be restored: ${flaw}`] };
};
