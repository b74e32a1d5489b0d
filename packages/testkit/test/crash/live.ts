import type { RunHandle, RunId, RunSummary } from "@quiesce/core";
import type { Point } from "../../src/index.ts";
import type { CrashCase } from "./crash-case.ts";
import type { CrashWorld, Process } from "./crash-world.ts";
import { isAt } from "./place.ts";

export type Ending =
  | { readonly is: "over"; readonly summary: RunSummary }
  | { readonly is: "dead"; readonly at: Point };

interface Plot {
  readonly run: RunId;
  readonly cancels: CrashCase["cancels"];
  readonly points: number;
}

/** Lets a process work until it is done or dead, and cancels where the case says so. */
export const live = async (
  { clock, store }: CrashWorld,
  { life }: Process,
  { run, cancels, points }: Plot,
  begin: () => Promise<RunHandle>,
): Promise<Ending> => {
  let handle: RunHandle | undefined;
  const later = cancels.map(({ at, mode }) => ({ isDue: isAt(at, points), mode }));
  const due: typeof later = [];
  const cancel = (): void => {
    if (handle !== undefined) for (const { mode } of due.splice(0)) void handle.cancel(mode).catch(() => {});
  };
  life.onPoint = (point) => {
    for (const one of later.filter(({ isDue }) => isDue(point))) due.push(...later.splice(later.indexOf(one), 1));
    cancel();
  };
  const work = async (): Promise<Ending> => {
    handle = await begin();
    cancel();
    return { is: "over", summary: await handle.result };
  };
  const die = async (): Promise<Ending> => {
    const at = await life.death;
    // Somebody else cancels a run whose process is dead.
    if ((await store.load(run)) !== undefined)
      for (const { mode } of [...due, ...later]) await store.requestCancel(run, mode, clock.now());
    return { is: "dead", at };
  };
  return await clock.until(Promise.race([work(), die()]));
};
