import type { Account } from "../model/id.ts";
import type { Gate, Rank } from "../ports/gate.ts";

const order = ["pay", "open", "window", "background"] as const satisfies readonly Rank[];

/** Who waits, in order of arrival. A set keeps that order and lets anyone leave without a search. */
type Line = Set<() => void>;

interface Lanes {
  inside: number;
  readonly waiting: Readonly<Record<Rank, Line>>;
}

/**
 * A gate that lets `limitOf(account)` calls in at once and then the waiting ones by rank, in order of arrival.
 * A payment enters at once, above the limit: a guest must not stay frozen because others are busy.
 */
export const createGate = (limitOf: (account: Account) => number): Gate => {
  const accounts = new Map<Account, Lanes>();
  const aborts = abortWatch();
  const lanesOf = (account: Account): Lanes => {
    const lanes = accounts.get(account) ?? {
      inside: 0,
      waiting: { pay: new Set(), open: new Set(), window: new Set(), background: new Set() },
    };
    accounts.set(account, lanes);
    return lanes;
  };
  const enterNow = (account: Account, lanes: Lanes): Disposable => {
    lanes.inside += 1;
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        lanes.inside -= 1;
        if (lanes.inside < limitOf(account)) takeNext(lanes)?.();
      },
    };
  };
  return {
    enter: async (account, rank, signal) => {
      signal.throwIfAborted();
      const lanes = lanesOf(account);
      if (rank === "pay" || lanes.inside < limitOf(account)) return enterNow(account, lanes);
      return await new Promise<Disposable>((resolve, reject) => {
        const line = lanes.waiting[rank];
        const go = (): void => {
          forget();
          resolve(enterNow(account, lanes));
        };
        const forget = aborts(signal, () => {
          line.delete(go);
          reject(signal.reason as Error);
        });
        line.add(go);
      });
    },
  };
};

const takeNext = ({ waiting }: Lanes): (() => void) | undefined => {
  for (const rank of order) {
    for (const go of waiting[rank]) {
      waiting[rank].delete(go);
      return go;
    }
  }
  return undefined;
};

/** One listener per signal, however many wait under it: adding one to a signal costs more with each that is there. */
const abortWatch = () => {
  const waiters = new WeakMap<AbortSignal, Set<() => void>>();
  return (signal: AbortSignal, call: () => void): (() => void) => {
    const known = waiters.get(signal);
    const calls = known ?? new Set();
    if (known === undefined) {
      waiters.set(signal, calls);
      signal.addEventListener("abort", () => [...calls].forEach((each) => each()), { once: true });
    }
    calls.add(call);
    return () => calls.delete(call);
  };
};
