import type { Chain, Link } from "../plan/plan.ts";
import { admit, seenAfter, type Seen } from "./admit.ts";
import type { ChainEnd, ChainWork, Engine } from "./engine.ts";
import { windowLength } from "./window.ts";

/**
 * Runs one chain: its links in order, the steps of a link side by side. A window that lies in it is repeated when it
 * was broken. Together with runPlan it is all that knows the order. It holds no state but the recorded ends, so that
 * replay by key and by position give the same run.
 */
export const runChain = async ({ chain, seen, epoch }: ChainWork, engine: Engine): Promise<ChainEnd> => {
  const length = windowLength(chain.links);
  const links = chain.links.slice(0, length);
  const window = { steps: links.flat(), redo: chain.redo };
  let at = length === 0 ? epoch : await engine.epoch(window);
  let done = await runLinks(links, seen, at, engine);
  for (let next = at; length > 0 && (next = await engine.epoch(window)) > at;) {
    at = next;
    done = await runLinks(links, seen, at, engine);
  }
  const rest = await runLinks(chain.links.slice(length), done.seen, at, engine);
  return { unit: chain.unit, ends: [...done.ends, ...rest.ends] };
};

interface Done {
  readonly seen: Seen;
  readonly ends: ChainEnd["ends"];
}

const runLinks = async (links: readonly Link[], before: Seen, epoch: number, engine: Engine): Promise<Done> => {
  const ends: ChainEnd["ends"][number][] = [];
  let seen = before;
  for (const link of links) {
    const atLink = seen;
    const done = await Promise.all(
      link.map(async (step) => {
        const go = admit(step, atLink);
        return { step, end: go === "start" ? await engine.step(step, epoch) : go };
      }),
    );
    for (const { step, end } of done) {
      ends.push({ key: step.key, epoch, end });
      seen = seenAfter(seen, step, end);
    }
  }
  return { seen, ends };
};

/** What is known after a chain, from its recorded ends. */
export const seenAfterChain = (chain: Chain, start: Seen, { ends }: ChainEnd): Seen => {
  const endOf = new Map(ends.map((one) => [one.key, one.end]));
  return chain.links.flat().reduce((seen, step) => {
    const end = endOf.get(step.key);
    return end === undefined ? seen : seenAfter(seen, step, end);
  }, start);
};
