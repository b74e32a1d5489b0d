import type { Chain } from "../plan/plan.ts";
import { admit, seenAfter, type Seen } from "./admit.ts";
import type { ChainEnd, Engine } from "./engine.ts";

/**
 * Runs one chain: its links in order, the steps of a link side by side. Together with runPlan it is all that knows
 * the order. It holds no state but the recorded ends, so that replay by key and by position give the same run.
 */
export const runChain = async (chain: Chain, before: Seen, engine: Engine): Promise<ChainEnd> => {
  const ends: ChainEnd["ends"][number][] = [];
  let seen = before;
  for (const link of chain.links) {
    const atLink = seen;
    const done = await Promise.all(
      link.map(async (step) => {
        const go = admit(step, atLink);
        return { step, end: go === "start" ? await engine.step(step, 0) : go };
      }),
    );
    for (const { step, end } of done) {
      ends.push({ key: step.key, epoch: 0, end });
      seen = seenAfter(seen, step, end);
    }
  }
  return { unit: chain.unit, ends };
};
