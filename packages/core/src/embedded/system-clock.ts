import { setTimeout as sleep } from "node:timers/promises";
import { asId, type Instant } from "../model/id.ts";
import type { Clock } from "../ports/clock.ts";

/** The machine's clocks. A pending timer of a watchdog keeps the process alive: its payment is due. */
export const systemClock: Clock = {
  now: () => asId<Instant>(new Date().toISOString()),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch {
      throw signal.reason;
    }
  },
  timer: (ms, call) => {
    const handle = setTimeout(call, ms);
    return () => clearTimeout(handle);
  },
};
