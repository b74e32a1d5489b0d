import type { Point } from "../../src/index.ts";
import type { Place } from "./crash-case.ts";

/** Is this the point? `points`: how many the run has when nothing disturbs it. */
export const isAt =
  (place: Place, points: number) =>
  ({ at, label }: Point): boolean =>
    typeof place === "string" ? label === place : at === 1 + Math.floor(place * points);
