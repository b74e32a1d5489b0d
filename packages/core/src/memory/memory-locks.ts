import type { RunId } from "../model/id.ts";

/** Milliseconds since 1970 by the wall clock. */
type Millis = number;

interface Lock {
  readonly run: RunId;
  readonly until: Millis;
  readonly ttlMs: number;
}

export interface MemoryLocks {
  /** The first of the keys that another run holds. */
  blocking(run: RunId, keys: readonly string[]): (Pick<Lock, "run" | "until"> & { readonly key: string }) | undefined;
  /** Takes or prolongs all; gives the runs that lost theirs. Only after `blocking` found none. */
  take(run: RunId, keys: readonly string[], ttlMs: number): ReadonlySet<RunId>;
  release(run: RunId): void;
  /** It holds its lease and nothing else. */
  holdsLease(run: RunId): boolean;
  /** Prolongs what the run holds. */
  prolong(run: RunId, ttlMs: number): void;
  heldUntil(run: RunId): Millis | undefined;
}

/** What a run holds that was taken over only for its debts. */
export const leaseOf = (run: RunId): string => `lease/${run}`;

/**
 * Locks that expire by the wall clock. A lock never ends later than its time to live from now: one that seems to was
 * written before the clock was set back, and is cut, so that a dead run does not hold it for the length of the jump.
 */
export const memoryLocks = (now: () => Millis): MemoryLocks => {
  const locks = new Map<string, Lock>();
  const cut = (): void => {
    for (const [key, lock] of locks) locks.set(key, { ...lock, until: Math.min(lock.until, now() + lock.ttlMs) });
  };
  const release = (run: RunId): void => {
    for (const [key, lock] of locks) if (lock.run === run) locks.delete(key);
  };
  return {
    blocking(run, keys) {
      cut();
      for (const key of keys) {
        const lock = locks.get(key);
        if (lock !== undefined && lock.run !== run && lock.until > now()) return { ...lock, key };
      }
      return undefined;
    },
    take(run, keys, ttlMs) {
      const lost = new Set(keys.flatMap((key) => locks.get(key)?.run ?? []));
      lost.delete(run);
      for (const loser of lost) release(loser);
      for (const key of keys) locks.set(key, { run, until: now() + ttlMs, ttlMs });
      return lost;
    },
    release,
    holdsLease: (run) => (locks.get(leaseOf(run))?.until ?? 0) > now(),
    prolong(run, ttlMs) {
      for (const [key, lock] of locks) if (lock.run === run) locks.set(key, { run, until: now() + ttlMs, ttlMs });
    },
    heldUntil(run) {
      cut();
      return [...locks.values()].find((lock) => lock.run === run)?.until;
    },
  };
};
