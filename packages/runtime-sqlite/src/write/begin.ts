import { nameTaken, runExists, setMadeBy, type Begun, type NewRun, type Recorded } from "@quiesce/core";
import { instantOf } from "../table/instant.ts";
import type { Tables } from "../table/tables.ts";
import { append } from "./append.ts";
import { blockingLock, holdLocks } from "./hold-locks.ts";
import type { RunCache } from "./run-cache.ts";

/** See `Store.begin`; `now` decides which locks have expired. */
export const begin = (tables: Tables, cache: RunCache, given: NewRun, now: number): Begun => {
  const { run, plan, at, worker, ttlMs } = given;
  if (tables.runs.has(run)) throw runExists(run);
  const set = setMadeBy(plan, run);
  if (set !== undefined && (tables.backups.has(set.id) || tables.backups.isTaken(set))) throw nameTaken(set);
  const held = blockingLock(tables, run, plan, now);
  if (held !== undefined) return { begun: false, ...held, until: instantOf(held.until) };

  tables.runs.insert(given);
  holdLocks(tables, run, plan, now, ttlMs);
  cache.started(run, plan);
  const started: Recorded = { type: "run.started", run, at, plan: plan.digest };
  append(tables, cache, run, [JSON.stringify(started)]);
  return { begun: true, claim: tables.claims.raise(run, "run", worker) };
};
