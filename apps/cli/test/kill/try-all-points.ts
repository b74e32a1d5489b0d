import type { Ended } from "../fixture/world.ts";
import type { KillWorld } from "./kill-world.ts";
import { everyPoint, type Stopped } from "./run-stopped.ts";

/** A command that is killed at one point after the other, and recovered once each time. */
export interface Story {
  readonly title: string;
  /** A world in which the command can run, kept. */
  readonly world: () => Promise<KillWorld>;
  readonly args: readonly string[];
  readonly policy: "continue" | "compensate";
  /** Labels of the points; default: each commit, and each call before it is sent and when it is answered. */
  readonly points?: RegExp;
  /** Only each so many-th point; default 1. */
  readonly every?: number;
  /** What is wrong after the recovery; empty when all is well. */
  readonly faults: (world: KillWorld, recovered: Recovered) => Promise<readonly string[]>;
}

export interface Recovered extends Ended {
  readonly stopped: Stopped;
  /** How far the run was when its process died, as its store says. One that was not on record leaves nothing to recover. */
  readonly run: "not on record" | "open" | "ended";
}

export interface Tried {
  readonly points: number;
  readonly seconds: number;
  readonly faults: readonly string[];
}

/** So that a fault that every point shows does not fill the report. */
const enough = 12;

/**
 * Runs the command in a fresh world and kills it at point 1, then 2, then 3, … until it ends before its point comes.
 * The points that a kill was tried at are all points there are; the order of side by side steps may differ each time.
 */
export const tryAllPoints = async (story: Story, lanes: number): Promise<Tried> => {
  const started = performance.now();
  const faults: string[] = [];
  let next = story.every ?? 1;
  let points = 0;
  let ended = false;

  const lane = async (): Promise<void> => {
    await using world = await story.world();
    const runs = await world.readStore((store) => store.runs({}));
    while (!ended && faults.length < enough) {
      const at = next;
      next += story.every ?? 1;
      const { stopped, found } = await tryPoint(story, world, at, runs.length);
      if (stopped.died) points += 1;
      else ended = true;
      const where = stopped.died ? `killed at ${stopped.points.at(-1)}` : "not killed";
      if (found.length > 0) faults.push([`${story.title}, ${where}:`, ...found].join("\n    "));
      await world.reset();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { points, seconds: Math.round((performance.now() - started) / 1000), faults };
};

const tryPoint = async (
  { args, policy, faults, points = everyPoint }: Story,
  world: KillWorld,
  at: number,
  runsBefore: number,
): Promise<{ readonly stopped: Stopped; readonly found: readonly string[] }> => {
  const stopped = await world.stopped({ at, points }, args);
  if (stopped.died && stopped.points.length !== at)
    return { stopped, found: [`it did not come to an end, after ${stopped.points.length} points`] };
  if (!stopped.died && stopped.code !== 0)
    return { stopped, found: [`without a kill it ended with ${stopped.code}: ${stopped.stderr}`] };
  const run = await world.readStore(async (store) => {
    if ((await store.runs({})).length === runsBefore) return "not on record";
    return (await store.runs({ open: true })).length > 0 ? "open" : "ended";
  });
  const recovered = await world.run(["recover", "--policy", policy, "--yes"]);
  const found = await faults(world, { ...recovered, stopped, run });
  return { stopped, found: found.length === 0 ? [] : [...found, `recover said: ${tailOf(recovered.stderr)}`] };
};

const tailOf = (text: string): string => text.trimEnd().split("\n").slice(-12).join("\n      ");
