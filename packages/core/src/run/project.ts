import type { Recorded } from "../event/event.ts";
import type { Step } from "../plan/plan.ts";
import { isOutdated } from "./apply.ts";
import type { Change } from "./change.ts";
import { catalogueChanges } from "./catalogue-changes.ts";
import type { PlanIndex } from "./plan-index.ts";
import { recoveryChanges } from "./recovery-changes.ts";
import type { RunState } from "./run-state.ts";

/** `state` is the run's state with the event already in it. An event that did not change the state changes nothing. */
export const project = (run: PlanIndex, state: RunState, event: Recorded): readonly Change[] =>
  "epoch" in event && isOutdated(state.steps.get(event.step), event)
    ? []
    : [...suspendedChanges(run, event), ...recoveryChanges(run, event), ...catalogueChanges(run, state, event)];

const suspendedChanges = ({ steps }: PlanIndex, event: Recorded): readonly Change[] => {
  const step = "step" in event ? steps.get(event.step) : undefined;
  if (step === undefined || !changesPower(step)) return [];
  const [{ instance }] = step.targets;
  if (event.type === "step.undone") return step.operation === "suspend" ? [{ what: "drop-suspended", instance }] : [];
  if (event.type !== "step.ended" || event.end.as !== "succeeded") return [];
  if (step.operation === "suspend") return [{ what: "put-suspended", instance, saved: event.end.outcome.saved }];
  return [{ what: "drop-suspended", instance }];
};

const changesPower = ({ does, operation }: Step): boolean =>
  (does === "cell" || does === "call") && (operation === "suspend" || operation === "resume");
