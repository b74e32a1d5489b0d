import { asId, type Instant } from "../model/id.ts";
import { adoption } from "../ports/adoption.ts";
import { fencedOff, nameTaken, runExists, unknownSet } from "../ports/store-error.ts";
import type { Begun, Claim, NewRun, Store, TakenOver, TakeOver } from "../ports/store.ts";
import { lockKeysOf } from "../run/lock-keys.ts";
import { setMadeBy } from "../run/set-made-by.ts";
import { fence, raiseToken, runOf, takeLocks, write, type MemoryData } from "./memory-data.ts";
import { memoryRun, type MemoryRun } from "./memory-run.ts";

type Writes = Pick<
  Store,
  "begin" | "claim" | "takeOver" | "letGo" | "commit" | "renew" | "requestCancel" | "annotate" | "adopt"
>;

export const memoryWrites = (data: MemoryData): Writes => {
  const isCurrent = ({ run, chain, token }: Claim): boolean => runOf(data, run).tokens.get(chain) === token;
  return {
    begin: async (asked) => begin(data, copy(asked)),
    claim: async (id, chain, worker) => {
      const run = runOf(data, id);
      if (chain === "run") run.worker = worker;
      else if (!data.locks.holdsLocks(id)) throw fencedOff({ run: id, chain }, "A claim");
      return raiseToken(run, chain);
    },
    takeOver: async (given) => takeOver(data, given),
    letGo: async (claim) => {
      if (!isCurrent(claim) || claim.chain !== "run") return;
      data.locks.release(claim.run);
      fence(runOf(data, claim.run));
    },
    commit: async (claim, events) => {
      if (!isCurrent(claim)) throw fencedOff(claim, "A commit");
      write(data, runOf(data, claim.run), copy(events));
    },
    renew: async (claim, ttlMs) => isCurrent(claim) && renew(data, runOf(data, claim.run), ttlMs),
    requestCancel: async (id, mode, at) => {
      const run = runOf(data, id);
      if (run.fold.status === undefined) write(data, run, [{ type: "run.cancel", run: id, at, mode }]);
    },
    annotate: async (id, note) => {
      if (!data.catalogue.annotate(id, copy(note))) throw unknownSet(id);
    },
    adopt: async (sets) => {
      const { id, catalogue, runs } = data;
      const isEmpty = catalogue.isEmpty && runs.size === 0;
      const { adopted, manifests } = adoption(copy(sets), { ...catalogue, id, isEmpty });
      data.id = adopted.store;
      for (const set of manifests) catalogue.add(set);
      return adopted;
    },
  };
};

const begin = (data: MemoryData, given: NewRun): Begun => {
  if (data.runs.has(given.run)) throw runExists(given.run);
  const set = setMadeBy(given.plan, given.run);
  if (set !== undefined && (data.catalogue.has(set.id) || data.catalogue.isTaken(set))) throw nameTaken(set);
  const held = data.locks.blocking(given.run, lockKeysOf(given.plan));
  if (held !== undefined) {
    const { worker } = runOf(data, held.run);
    return { begun: false, key: held.key, by: held.run, worker, until: toInstant(held.until) };
  }
  const run = memoryRun(given);
  data.runs.set(given.run, run);
  takeLocks(data, run, given.ttlMs);
  return { begun: true, claim: raiseToken(run, "run") };
};

const renew = (data: MemoryData, run: MemoryRun, ttlMs: number): boolean => {
  const { run: id, plan } = run.given;
  // Never more than it holds: who was taken over without its locks goes on without them.
  if (data.locks.holdsOnlyLease(id)) {
    data.locks.takeLease(id, ttlMs);
    return true;
  }
  if (run.fold.status !== undefined || data.locks.blocking(id, lockKeysOf(plan)) !== undefined) return false;
  takeLocks(data, run, ttlMs);
  return true;
};

const takeOver = (data: MemoryData, { run: id, worker, ttlMs, at, policy, gone }: TakeOver): TakenOver => {
  const run = runOf(data, id);
  const { locks } = data;
  const until = locks.heldUntil(id);
  if (until !== undefined && until > data.now() && run.worker !== gone)
    return { taken: false, worker: run.worker, until: toInstant(until) };
  locks.release(id);
  fence(run);
  run.worker = worker;
  const holds = run.fold.status === undefined && locks.blocking(id, lockKeysOf(run.given.plan)) === undefined;
  if (holds) takeLocks(data, run, ttlMs);
  else locks.takeLease(id, ttlMs);
  write(data, run, [{ type: "run.recovering", run: id, at, worker, policy }]);
  return { taken: true, claim: raiseToken(run, "run"), locks: holds };
};

export const toInstant = (ms: number): Instant => asId(new Date(ms).toISOString());

/** Through JSON, as in a real store: what does not survive it is lost here too, and callers cannot change the copy. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
