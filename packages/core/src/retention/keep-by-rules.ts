import type { BackupId } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import { bucketRules, isRule, type RetentionPolicy } from "./policy.ts";

/** Remembers why a set is kept. */
export type Keep = (id: BackupId, reason: string) => void;

/** The newest so many. `restorable`: newest first; what cannot be restored takes no place from what can. */
export const keepLast = ({ keepLast: count }: RetentionPolicy, restorable: readonly Manifest[], keep: Keep): void => {
  if (!isRule(count)) return;
  restorable.slice(0, Math.ceil(count)).forEach(({ id }, at) => {
    keep(id, `last ${at + 1} of ${count}`);
  });
};

/** The newest set of each of the last buckets that have one. */
export const keepByBuckets = (policy: RetentionPolicy, restorable: readonly Manifest[], keep: Keep): void => {
  for (const { name, count, bucketOf } of bucketRules(policy)) {
    if (!isRule(count)) continue;
    const filled = new Set<string>();
    for (const { id, createdAt } of restorable) {
      const bucket = bucketOf(Date.parse(createdAt));
      if (filled.has(bucket)) continue;
      if (filled.size >= count) break;
      filled.add(bucket);
      keep(id, `${name} ${bucket}`);
    }
  }
};

/** All that is not much older than the newest: not than now, because a clock that is ahead would remove all. */
export const keepWithin = (
  { keepWithinMs }: RetentionPolicy,
  sets: readonly Manifest[],
  newest: Manifest,
  keep: Keep,
): void => {
  if (!isRule(keepWithinMs)) return;
  for (const { id, createdAt } of sets)
    if (Date.parse(newest.createdAt) - Date.parse(createdAt) <= keepWithinMs)
      keep(id, `not much older than ${newest.name}`);
};
