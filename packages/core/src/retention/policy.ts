/**
 * Which sets are kept: each that any rule names. A rule of time keeps the newest set of each of the last so many
 * hours, days, ISO weeks, months or years that have one; all in UTC, so that no day has 23 or 25 hours.
 */
export interface RetentionPolicy {
  readonly keepLast?: number;
  readonly keepHourly?: number;
  readonly keepDaily?: number;
  readonly keepWeekly?: number;
  readonly keepMonthly?: number;
  readonly keepYearly?: number;
  /** Every set that is at most this much older than the newest one, in milliseconds. */
  readonly keepWithinMs?: number;
}

export interface BucketRule {
  readonly name: string;
  /** How many buckets; undefined: no such rule. */
  readonly count: number | undefined;
  readonly bucketOf: (ms: number) => string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const dateOf = (ms: number): string => new Date(ms).toISOString();
/** Day 0 was a Thursday, and weeks begin on Monday. */
const mondayOf = (ms: number): number => (Math.floor((Math.floor(ms / dayMs) + 3) / 7) * 7 - 3) * dayMs;

export const bucketRules = (policy: RetentionPolicy): readonly BucketRule[] => [
  { name: "hourly", count: policy.keepHourly, bucketOf: (ms) => `${dateOf(ms).slice(0, 13)}h` },
  { name: "daily", count: policy.keepDaily, bucketOf: (ms) => dateOf(ms).slice(0, 10) },
  { name: "weekly", count: policy.keepWeekly, bucketOf: (ms) => `week of ${dateOf(mondayOf(ms)).slice(0, 10)}` },
  { name: "monthly", count: policy.keepMonthly, bucketOf: (ms) => dateOf(ms).slice(0, 7) },
  { name: "yearly", count: policy.keepYearly, bucketOf: (ms) => dateOf(ms).slice(0, 4) },
];

/** A rule that keeps nothing, or is no number, is none: it must not be what removes everything. */
export const isRule = (count: number | undefined): count is number => count !== undefined && count > 0;

export const hasTimeRule = (policy: RetentionPolicy): boolean =>
  isRule(policy.keepWithinMs) || bucketRules(policy).some(({ count }) => isRule(count));
