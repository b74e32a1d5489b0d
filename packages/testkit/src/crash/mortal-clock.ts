import type { Clock } from "@quiesce/core";
import type { Life } from "./life.ts";

/** A clock whose timers die with the process. */
export const mortalClock = (clock: Clock, life: Life): Clock => {
  const timer = (ms: number, call: () => void): (() => void) => {
    const stop = clock.timer(ms, () => {
      forget();
      if (!life.isDead) call();
    });
    const forget = life.atDeath(stop);
    return () => {
      forget();
      stop();
    };
  };
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    timer,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => {
          stop();
          reject(signal.reason as Error);
        };
        const stop = timer(ms, () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        });
        signal.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
};
