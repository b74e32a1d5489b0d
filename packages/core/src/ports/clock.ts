import type { Instant } from "../model/id.ts";

/** The only source of time in core, so that tests can own it. */
export interface Clock {
  now(): Instant;
  /** For durations and deadlines; never goes back. */
  monotonicMs(): number;
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls back once; returns what cancels it. */
  timer(ms: number, call: () => void): () => void;
}
