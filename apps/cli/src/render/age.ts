import { duration } from "./duration.ts";

/** How long ago, for people; a time in the future means that a clock was wrong, and is said so. */
export const age = (instant: string, nowMs: number): string => {
  const ms = nowMs - Date.parse(instant);
  if (Number.isNaN(ms)) return "unknown";
  return ms < -1000 ? `${duration(-ms)} in the future` : `${duration(Math.max(0, ms))} ago`;
};
