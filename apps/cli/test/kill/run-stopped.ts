import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Desk, Ended } from "../fixture/world.ts";

/** Where a process is to die: at the so many-th of the points whose labels fit. */
export interface Stop {
  readonly at: number;
  readonly points: RegExp;
}

export interface Stopped extends Ended {
  /** The points that the process came to; the last one is where it died, if it did. */
  readonly points: readonly string[];
  readonly died: boolean;
}

/** Each commit, and each call before it is sent and when it is answered. On its way it has taken effect, or not yet. */
export const everyPoint = /^(before|after|answered) /;

const preload = new URL("./preload/stop-at.ts", import.meta.url).href;
/** Node keeps compiled modules here: a command that is started hundreds of times starts in two thirds of the time. */
const compileCache = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "kill-tests");

export const fastStart: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: compileCache };

/** Runs a command line that is killed at one of its points. */
export const runStopped = async (desk: Desk, stop: Stop, args: readonly string[]): Promise<Stopped> => {
  const log = join(desk.dir, "points.log");
  await rm(log, { force: true });
  const ended = await desk.run(args, {
    ...fastStart,
    NODE_OPTIONS: `--import=${preload}`,
    QUIESCE_POINTS_LOG: log,
    QUIESCE_POINTS: stop.points.source,
    QUIESCE_STOP_AT: String(stop.at),
  });
  const points = (await readFile(log, "utf8")).split("\n").slice(0, -1);
  return { ...ended, points, died: ended.code === null };
};
