import type { PlanIndex } from "@quiesce/core";
import type { Output } from "../invocation/output.ts";
import { eventLine, type EventLine } from "./event-line.ts";
import type { Reporter } from "./reporter.ts";

/** One line per event on stderr: time, deployment, instance, operation, state. */
export const plainReporter = (index: PlanIndex, output: Output): Reporter => ({
  event: (event) => {
    const line = eventLine(event, index);
    if (line !== undefined) output.note(plainLine(line, index.plan.deployment));
  },
  say: (text) => output.note(text),
  close: () => {},
});

export const plainLine = ({ at, instance, operation, state }: EventLine, deployment: string): string =>
  `${clockOf(at)}  ${deployment}  ${instance}  ${operation}  ${state}`;

/** Local time of day with seconds. */
const clockOf = (instant: string): string => new Date(instant).toTimeString().slice(0, 8);
