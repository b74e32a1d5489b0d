import type { Consistency, Manifest } from "@quiesce/core";

const weakestLast: readonly Consistency[] = ["app", "fs", "memory", "offline", "paused", "crash"];

/** What a set as a whole achieved: no better than its weakest item. A network's definition is never torn. */
export const weakestConsistency = ({ items }: Manifest): Consistency | undefined => {
  const ranks = items
    .filter(({ status, kind }) => status !== "failed" && kind !== "network")
    .map(({ consistency }) => weakestLast.indexOf(consistency));
  return weakestLast[Math.max(...ranks)];
};

/** `complete`, or how many of its items are usable. */
export const stateOfSet = ({ complete, items }: Manifest): string => {
  const usable = items.filter(({ status }) => status === "ok").length;
  return complete && usable === items.length ? "complete" : `incomplete, ${usable} of ${items.length} usable`;
};
