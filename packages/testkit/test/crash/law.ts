import type { RunSummary } from "@quiesce/core";
import type { Played } from "./play.ts";

/** What must hold after every run: says what does not. */
export type Law = (played: Played) => readonly string[] | Promise<readonly string[]>;

/** A law of runs that were begun. */
export const lawOfRuns =
  (law: (played: Played & { readonly summary: RunSummary }) => ReturnType<Law>): Law =>
  (played) =>
    played.summary === undefined ? [] : law({ ...played, summary: played.summary });

export const unless = (holds: boolean, says: string): readonly string[] => (holds ? [] : [says]);

export const same = (a: unknown, b: unknown, says: string): readonly string[] => {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return unless(left === right, `${says}: ${left} and ${right}`);
};
