import { fencedOff, unknownRun, type Claim, type Recorded, type RunId, type Store } from "@quiesce/core";
import type { Tables } from "../table/tables.ts";
import { append } from "./append.ts";
import { begin } from "./begin.ts";
import type { GroupCommit } from "./group-commit.ts";
import { blockingLock, holdLocks } from "./hold-locks.ts";
import type { RunCache } from "./run-cache.ts";
import { takeOver } from "./take-over.ts";

type Writes = Pick<Store, "begin" | "claim" | "takeOver" | "letGo" | "commit" | "renew" | "requestCancel">;

/** `now`: milliseconds since 1970; decides which locks have expired. */
export const storeWrites = (
  tables: Tables,
  cache: RunCache,
  write: GroupCommit["write"],
  now: () => number,
): Writes => ({
  begin: (given) => write(() => begin(tables, cache, given, now())),
  claim: (run, chain, worker) => write(() => claim(tables, run, chain, worker)),
  takeOver: (given) => write(() => takeOver(tables, cache, given, now())),
  letGo: (claim) =>
    write(() => {
      if (!isCurrent(tables, claim) || claim.chain !== "run") return;
      tables.locks.release(claim.run);
      tables.claims.fence(claim.run);
    }),
  commit: async (claim, events) => {
    const texts = events.map((event) => JSON.stringify(event));
    await write(() => {
      if (!isCurrent(tables, claim)) throw fencedOff(claim, "A commit");
      append(tables, cache, claim.run, texts);
    });
  },
  renew: (claim, ttlMs) => write(() => renew(tables, cache, claim, now(), ttlMs)),
  requestCancel: async (run, mode, at) => {
    const event: Recorded = { type: "run.cancel", run, at, mode };
    await write(() => {
      if (!hasSettled(tables, run)) append(tables, cache, run, [JSON.stringify(event)]);
    });
  },
});

const requireRun = ({ runs }: Tables, run: RunId): void => {
  if (!runs.has(run)) throw unknownRun(run);
};

const hasSettled = (tables: Tables, run: RunId): boolean => {
  requireRun(tables, run);
  return tables.runs.isSettled(run);
};

const isCurrent = (tables: Tables, claim: Claim): boolean => {
  const current = tables.claims.isCurrent(claim);
  if (!current) requireRun(tables, claim.run);
  return current;
};

const claim = (tables: Tables, run: RunId, chain: Claim["chain"], worker: string): Claim => {
  requireRun(tables, run);
  if (chain === "run") tables.runs.setWorker(run, worker);
  else if (!tables.locks.holdsLocks(run)) throw fencedOff({ run, chain }, "A claim");
  return tables.claims.raise(run, chain, worker);
};

const renew = (tables: Tables, cache: RunCache, claim: Claim, now: number, ttlMs: number): boolean => {
  if (!isCurrent(tables, claim)) return false;
  // Never more than it holds: who was taken over without its locks goes on without them.
  if (tables.locks.holdsOnlyLease(claim.run)) {
    tables.locks.takeLease(claim.run, now, ttlMs);
    return true;
  }
  if (tables.runs.isSettled(claim.run)) return false;
  const { plan } = cache.of(claim.run).index;
  if (blockingLock(tables, claim.run, plan, now) !== undefined) return false;
  holdLocks(tables, claim.run, plan, now, ttlMs);
  return true;
};
