import { asId, type RunId } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { integer, text } from "./row.ts";

/** Milliseconds since 1970 by the wall clock. */
type Millis = number;

export interface HeldLock {
  readonly key: string;
  readonly by: RunId;
  readonly worker: string;
  readonly until: Millis;
}

export interface LockTable {
  /** The first of the keys that another run holds. */
  blocking(run: RunId, keys: readonly string[], now: Millis): HeldLock | undefined;
  /** Takes or prolongs all; gives the runs that lost theirs. Only after `blocking` found none. */
  take(run: RunId, keys: readonly string[], now: Millis, ttlMs: number): readonly RunId[];
  release(run: RunId): void;
  /** It has its locks; their end may be past. */
  holdsLocks(run: RunId): boolean;
  /** It was taken without its locks; its end may be past. */
  holdsOnlyLease(run: RunId): boolean;
  /** Who holds the run, with or without its locks, and until when. */
  lease(run: RunId): { readonly worker: string; readonly until: Millis } | undefined;
  /** Takes or prolongs the run itself without its locks: for its debts. */
  takeLease(run: RunId, now: Millis, ttlMs: number): void;
  /** Some lock ends later than its time to live from now: it was written before the clock was set back. */
  hasOverlong(now: Millis): boolean;
  /** Cuts such locks, so that a dead run does not hold them for the length of the jump. */
  cut(now: Millis): void;
}

const overlong = "held_until IS NOT NULL AND held_until > ?1 + ttl_ms";

export const lockTable = (db: DatabaseSync): LockTable => {
  const blocking = db.prepare(`SELECT lock.key, lock.run, run.worker, run.held_until
    FROM json_each(?1) AS wanted JOIN lock ON lock.key = wanted.value JOIN run ON run.id = lock.run
    WHERE lock.run <> ?2 AND run.held_until > ?3 ORDER BY wanted.key LIMIT 1`);
  const losers = db.prepare(`SELECT DISTINCT lock.run FROM json_each(?1) AS wanted
    JOIN lock ON lock.key = wanted.value WHERE lock.run <> ?2`);
  const insert = db.prepare("INSERT INTO lock (key, run) SELECT value, ?2 FROM json_each(?1)");
  const hold = db.prepare("UPDATE run SET held_until = ?, ttl_ms = ? WHERE id = ?");
  const unlock = db.prepare("DELETE FROM lock WHERE run = ?");
  const letGo = db.prepare("UPDATE run SET held_until = NULL WHERE id = ?");
  const lease = db.prepare("SELECT worker, held_until FROM run WHERE id = ? AND held_until IS NOT NULL");
  const locksOf = db.prepare("SELECT 1 FROM lock WHERE run = ? LIMIT 1");
  const anyOverlong = db.prepare(`SELECT 1 FROM run WHERE ${overlong} LIMIT 1`);
  const cut = db.prepare(`UPDATE run SET held_until = ?1 + ttl_ms WHERE ${overlong}`);

  const release = (run: RunId): void => {
    unlock.run(run);
    letGo.run(run);
  };
  const holdsLocks = (run: RunId): boolean => locksOf.get(run) !== undefined;
  return {
    blocking: (run, keys, now) => {
      const row = blocking.get(JSON.stringify(keys), run, now);
      return (
        row && {
          key: text(row, "key"),
          by: asId(text(row, "run")),
          worker: text(row, "worker"),
          until: integer(row, "held_until"),
        }
      );
    },
    take: (run, keys, now, ttlMs) => {
      const lost: readonly RunId[] = holdsLocks(run) ? [] : evict(JSON.stringify(keys), run);
      hold.run(now + ttlMs, ttlMs, run);
      return lost;
    },
    release,
    holdsLocks,
    holdsOnlyLease: (run) => lease.get(run) !== undefined && !holdsLocks(run),
    lease: (run) => {
      const row = lease.get(run);
      return row && { worker: text(row, "worker"), until: integer(row, "held_until") };
    },
    takeLease: (run, now, ttlMs) => void hold.run(now + ttlMs, ttlMs, run),
    hasOverlong: (now) => anyOverlong.get(now) !== undefined,
    cut: (now) => void cut.run(now),
  };

  /** A run holds all of its locks or none: who loses one loses all. */
  function evict(wanted: string, run: RunId): readonly RunId[] {
    const lost = losers.all(wanted, run).map((row) => asId<RunId>(text(row, "run")));
    for (const loser of lost) release(loser);
    insert.run(wanted, run);
    return lost;
  }
};
