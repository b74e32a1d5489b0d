import type { Chain, Link } from "../plan/plan.ts";
import { admit, seenAfter, type Seen } from "./admit.ts";
import type { ChainEnd, ChainWork, Engine } from "./engine.ts";
import { repeated } from "./repeated.ts";
import { windowLength } from "./window.ts";

/**
 * Runs one chain: its links in order, the steps of a link side by side. A window that lies in it is repeated when it
 * was broken. Together with runPlan it is all that knows the order. It holds no state but the recorded ends, so that
 * replay by key and by position give the same run.
 */
export const runChain = async ({ chain, seen, epoch }: ChainWork, engine: Engine): Promise<ChainEnd> => {
  const length = windowLength(chain.links);
  if (length === 0) return await rest(chain, chain.links, { seen, ends: [] }, epoch, engine);
  const links = chain.links.slice(0, length);
  const window = { steps: links.flat(), redo: chain.redo };
  const first = await repeated(window, engine, (at) => runLinks(links, seen, at, engine));
  return await rest(chain, chain.links.slice(length), first.done, first.epoch, engine);
};

const rest = async (
  { unit }: Chain,
  links: readonly Link[],
  before: Done,
  epoch: number,
  engine: Engine,
): Promise<ChainEnd> => {
  const done = await runLinks(links, before.seen, epoch, engine);
  return { unit, ends: [...before.ends, ...done.ends] };
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
