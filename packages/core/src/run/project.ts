import type { Recorded } from "../event/event.ts";
import type { Change } from "./change.ts";
import { catalogueChanges } from "./catalogue-changes.ts";
import type { PlanIndex } from "./plan-index.ts";
import type { RunState } from "./run-state.ts";

/** `state` is the run's state with the event already in it. */
export const project = (run: PlanIndex, state: RunState, event: Recorded): readonly Change[] => [
  ...suspendedChanges(run, event),
  ...catalogueChanges(run, state, event),
];

const suspendedChanges = ({ steps }: PlanIndex, event: Recorded): readonly Change[] => {
  if (event.type !== "step.ended" || event.end.as !== "succeeded") return [];
  const step = steps.get(event.step);
  if (step === undefined || (step.does !== "cell" && step.does !== "call")) return [];
  const [{ instance }] = step.targets;
  if (step.operation === "suspend") return [{ what: "put-suspended", instance, saved: event.end.outcome.saved }];
  if (step.operation === "resume") return [{ what: "drop-suspended", instance }];
  return [];
};
