import type { StepEnd } from "../event/event.ts";
import type { DebtKey } from "../model/id.ts";
import { isPayment, type Step } from "../plan/plan.ts";

/**
 * What a chain must know of the rest of the run when it starts; JSON, because it may travel to another worker. It is
 * taken at the barrier: a failure elsewhere is seen at the next stage, alike on every engine.
 */
export interface Seen {
  readonly runFailed: boolean;
  readonly unitFailed: boolean;
  readonly owed: readonly DebtKey[];
}

/** Does this step start now? A payment starts exactly when its debt is owed; other work stops after a failure. */
export const admit = (step: Step, seen: Seen): "start" | Extract<StepEnd, { as: "skipped" }> => {
  if (isPayment(step)) return seen.owed.includes(step.debt) ? "start" : { as: "skipped", reason: "nothing-owed" };
  return seen.runFailed || seen.unitFailed ? { as: "skipped", reason: "doomed" } : "start";
};

/** What is known after a step ended. A step that was not skipped may have done its harm, so its debt is owed. */
export const seenAfter = (seen: Seen, step: Step, end: StepEnd): Seen => {
  const failed = end.as === "failed" || end.as === "in-doubt";
  return {
    runFailed: seen.runFailed || (failed && step.onFailure === "run"),
    unitFailed: seen.unitFailed || (failed && step.onFailure !== "note"),
    owed: owedAfter(seen.owed, step, end),
  };
};

const owedAfter = (owed: readonly DebtKey[], step: Step, end: StepEnd): readonly DebtKey[] => {
  if (isPayment(step)) return end.as === "succeeded" ? owed.filter((key) => key !== step.debt) : owed;
  const harm = "owes" in step ? step.owes : undefined;
  return harm !== undefined && end.as !== "skipped" ? [...owed, harm.key] : owed;
};
