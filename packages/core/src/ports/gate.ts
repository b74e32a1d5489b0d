import type { Account } from "../model/id.ts";

/** Order of entry: a payment never waits; work inside an open window goes before a new window, copying comes last. */
export type Rank = "pay" | "open" | "window" | "background";

/** Bounds the calls in flight per account, over all runs of the process. */
export interface Gate {
  enter(account: Account, rank: Rank, signal: AbortSignal): Promise<Disposable>;
}
