import type { DebtKey, InstanceId, StepKey } from "../model/id.ts";
import { stepsOf, type Plan, type Step } from "../plan/plan.ts";

/** A plan with the look-ups that a run needs, made once per run. */
export interface PlanIndex {
  readonly plan: Plan;
  readonly steps: ReadonlyMap<StepKey, Step>;
  /** Capture step → the step that completes it. */
  readonly completeOf: ReadonlyMap<StepKey, Step>;
  /** Instance → the step that takes its content. */
  readonly captureOf: ReadonlyMap<InstanceId, Step>;
  /** Instance → the debt of its freeze. */
  readonly freezeOf: ReadonlyMap<InstanceId, DebtKey>;
}

export const indexPlan = (plan: Plan): PlanIndex => {
  const steps = new Map<StepKey, Step>();
  const completeOf = new Map<StepKey, Step>();
  const captureOf = new Map<InstanceId, Step>();
  const freezeOf = new Map<InstanceId, DebtKey>();
  for (const step of stepsOf(plan)) {
    steps.set(step.key, step);
    if ("owes" in step && step.owes?.harm === "frozen") freezeOf.set(step.targets[0].instance, step.owes.key);
    if (step.does === "complete") completeOf.set(step.of, step);
    else if (step.operation.endsWith(".create")) for (const { instance } of step.targets) captureOf.set(instance, step);
  }
  return { plan, steps, completeOf, captureOf, freezeOf };
};
