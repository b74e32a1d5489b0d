import type { Account } from "../model/id.ts";
import type { Gate, Rank } from "../ports/gate.ts";

const order: readonly Rank[] = ["pay", "open", "window", "background"];

interface Waiting {
  readonly rank: Rank;
  readonly go: () => void;
}

interface Lanes {
  inside: number;
  readonly waiting: Waiting[];
}

/**
 * A gate that lets `limitOf(account)` calls in at once and then the waiting ones by rank, in order of arrival.
 * A payment enters at once, above the limit: a guest must not stay frozen because others are busy.
 */
export const createGate = (limitOf: (account: Account) => number): Gate => {
  const accounts = new Map<Account, Lanes>();
  const lanesOf = (account: Account): Lanes => {
    const found = accounts.get(account) ?? { inside: 0, waiting: [] };
    accounts.set(account, found);
    return found;
  };
  const enterNow = (account: Account, lanes: Lanes): Disposable => {
    lanes.inside += 1;
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        lanes.inside -= 1;
        if (lanes.inside < limitOf(account)) takeNext(lanes)?.go();
      },
    };
  };
  return {
    enter: async (account, rank, signal) => {
      signal.throwIfAborted();
      const lanes = lanesOf(account);
      if (rank === "pay" || lanes.inside < limitOf(account)) return enterNow(account, lanes);
      return await new Promise<Disposable>((resolve, reject) => {
        const waiting: Waiting = {
          rank,
          go: () => {
            signal.removeEventListener("abort", leave);
            resolve(enterNow(account, lanes));
          },
        };
        const leave = (): void => {
          lanes.waiting.splice(lanes.waiting.indexOf(waiting), 1);
          reject(signal.reason as Error);
        };
        signal.addEventListener("abort", leave, { once: true });
        lanes.waiting.push(waiting);
      });
    },
  };
};

const takeNext = ({ waiting }: Lanes): Waiting | undefined => {
  for (const rank of order) {
    const index = waiting.findIndex((one) => one.rank === rank);
    if (index >= 0) return waiting.splice(index, 1)[0];
  }
  return undefined;
};
