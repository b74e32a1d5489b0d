import { lockKeysOf, type Plan, type RunId } from "@quiesce/core";
import type { HeldLock } from "../table/lock-table.ts";
import type { Tables } from "../table/tables.ts";

type LockTables = Pick<Tables, "locks" | "claims">;

/** A lock of this plan that another run holds. */
export const blockingLock = ({ locks }: LockTables, run: RunId, plan: Plan, now: number): HeldLock | undefined => {
  locks.cut(now);
  return locks.blocking(run, lockKeysOf(plan), now);
};

/** Takes or prolongs all locks of a run; only after `blockingLock` found none. */
export const holdLocks = ({ locks, claims }: LockTables, run: RunId, plan: Plan, now: number, ttlMs: number): void => {
  // Who lost its locks must not write an intent any more, and so cannot act: another run works on the same objects.
  for (const loser of locks.take(run, lockKeysOf(plan), now, ttlMs)) claims.fence(loser);
};
