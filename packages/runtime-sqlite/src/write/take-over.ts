import { unknownRun, type Recorded, type TakenOver, type TakeOver } from "@quiesce/core";
import { instantOf } from "../table/instant.ts";
import type { Tables } from "../table/tables.ts";
import { append } from "./append.ts";
import { blockingLock, holdLocks } from "./hold-locks.ts";
import type { RunCache } from "./run-cache.ts";

/** See `Store.takeOver`; `now` decides which leases have expired. */
export const takeOver = (tables: Tables, cache: RunCache, given: TakeOver, now: number): TakenOver => {
  const { run, worker, ttlMs, at, policy, gone } = given;
  const { runs, locks, claims } = tables;
  if (!runs.has(run)) throw unknownRun(run);
  locks.cut(now);
  const held = locks.lease(run);
  if (held !== undefined && held.until > now && held.worker !== gone)
    return { taken: false, worker: held.worker, until: instantOf(held.until) };
  locks.release(run);
  claims.fence(run);
  runs.setWorker(run, worker);
  const { plan } = cache.of(run).index;
  const holds = !runs.isSettled(run) && blockingLock(tables, run, plan, now) === undefined;
  if (holds) holdLocks(tables, run, plan, now, ttlMs);
  else locks.takeLease(run, now, ttlMs);
  const event: Recorded = { type: "run.recovering", run, at, worker, policy };
  append(tables, cache, run, [JSON.stringify(event)]);
  return { taken: true, claim: claims.raise(run, "run", worker), locks: holds };
};
