import type { Engine, Window } from "./engine.ts";

/** Runs a window's steps, and again in the next epoch as long as their window was broken and may be repeated. */
export const repeated = async <T>(
  window: Window,
  engine: Engine,
  runIn: (epoch: number) => Promise<T>,
): Promise<{ readonly epoch: number; readonly done: T }> => {
  let epoch = await engine.epoch(window);
  for (;;) {
    const done = await runIn(epoch);
    const next = await engine.epoch(window);
    if (next === epoch) return { epoch, done };
    epoch = next;
  }
};
