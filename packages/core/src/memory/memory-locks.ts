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
  /** Takes the run itself without its locks: for its debts. Nobody loses anything. */
  takeLease(run: RunId, ttlMs: number): void;
  release(run: RunId): void;
  /** It has its locks; their end may be past. */
  holdsLocks(run: RunId): boolean;
  /** It was taken without its locks; its end may be past. */
  holdsOnlyLease(run: RunId): boolean;
  heldUntil(run: RunId): Millis | undefined;
}

/** What stands for a run that is held without its locks; no key of a lock begins like this. */
const leaseOf = (run: RunId): string => `lease/${run}`;

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
    takeLease: (run, ttlMs) => void locks.set(leaseOf(run), { run, until: now() + ttlMs, ttlMs }),
    release,
    holdsLocks: (run) => [...locks].some(([key, lock]) => lock.run === run && key !== leaseOf(run)),
    holdsOnlyLease: (run) => locks.has(leaseOf(run)),
    heldUntil(run) {
      cut();
      return [...locks.values()].find((lock) => lock.run === run)?.until;
    },
  };
};
