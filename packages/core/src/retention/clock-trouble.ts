import type { Instant } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";

/**
 * Why the times of these sets (newest first) cannot be trusted; undefined when they can. The catalogue's order does
 * not depend on the clock, so a newest set that is dated before an older one shows that the clock went back.
 */
export const clockTrouble = (sets: readonly Manifest[], now: Instant | undefined): string | undefined => {
  const [newest, ...older] = sets;
  if (newest === undefined) return undefined;
  const unreadable = sets.find(({ createdAt }) => !isTime(Date.parse(createdAt)));
  if (unreadable !== undefined)
    return `${unreadable.name} is dated ${JSON.stringify(unreadable.createdAt)}, which is no time`;
  const at = Date.parse(newest.createdAt);
  const later = older.find(({ createdAt }) => Date.parse(createdAt) > at);
  if (later !== undefined)
    return `the clock went back: ${newest.name}, the newest, is dated ${newest.createdAt}, before ${later.name} (${later.createdAt})`;
  if (now !== undefined && !(Date.parse(now) >= at))
    return `the clock went back: ${newest.name} is dated ${newest.createdAt}, after now (${now})`;
  return undefined;
};

/** From 1970 to 9999: outside of it, a date has no calendar form of fixed length. */
const isTime = (ms: number): boolean => ms >= 0 && ms < Date.UTC(10_000, 0);
