/** Time as the simulated host sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back after a delay in milliseconds, unless cancelled. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after a delay in milliseconds; at once for 0. */
export const sleep = (clock: Clock, ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => void clock.after(ms, resolve)) : Promise.resolve();
