import type { DebtKey, InstanceId, StepKey, UnitId } from "../model/id.ts";
import type { Plan, Step } from "../plan/plan.ts";

/** A plan with the look-ups that a run needs, made once per run. */
export interface PlanIndex {
  readonly plan: Plan;
  readonly steps: ReadonlyMap<StepKey, Step>;
  /** Capture step → the step that completes it. */
  readonly completeOf: ReadonlyMap<StepKey, Step>;
  /** Step that completes a capture → the debt of what the capture holds. */
  readonly heldFor: ReadonlyMap<StepKey, DebtKey>;
  /** Instance → the step that makes what its capture needs. */
  readonly prepareOf: ReadonlyMap<InstanceId, Step>;
  /** Instance → the step that takes its content. */
  readonly captureOf: ReadonlyMap<InstanceId, Step>;
  /** Instance → the debt of its freeze. */
  readonly freezeOf: ReadonlyMap<InstanceId, DebtKey>;
  /** The freezes that make a step's window: of its own target, or else all of its unit's. */
  freezesFor(step: Step): readonly DebtKey[];
  /** Such a freeze is demanded: content that was not fixed in it is less than was asked for. */
  demandsFreeze(step: Step): boolean;
}

export const indexPlan = (plan: Plan): PlanIndex => {
  const steps = new Map<StepKey, Step>();
  const completeOf = new Map<StepKey, Step>();
  const heldFor = new Map<StepKey, DebtKey>();
  const prepareOf = new Map<InstanceId, Step>();
  const captureOf = new Map<InstanceId, Step>();
  const freezeOf = new Map<InstanceId, DebtKey>();
  const demanded = new Set<DebtKey>();
  const unitOf = new Map<StepKey, UnitId>();
  const freezesIn = new Map<UnitId, DebtKey[]>();
  const add = (step: Step, unit: UnitId): void => {
    steps.set(step.key, step);
    unitOf.set(step.key, unit);
    if ("owes" in step && step.owes?.harm === "frozen") {
      freezeOf.set(step.targets[0].instance, step.owes.key);
      if (step.onFailure !== "note") demanded.add(step.owes.key);
      freezesIn.set(unit, [...(freezesIn.get(unit) ?? []), step.owes.key]);
    }
    if (step.does === "release") heldFor.set(step.of, step.debt);
    if (step.does === "complete") completeOf.set(step.of, step);
    else if (step.does === "prepare") prepareOf.set(step.targets[0].instance, step);
    else if (step.does !== "release" && step.operation.endsWith(".create"))
      for (const { instance } of step.targets) captureOf.set(instance, step);
  };
  for (const { chains } of plan.stages)
    for (const { unit, links } of chains) for (const link of links) for (const step of link) add(step, unit);
  const freezesFor = (step: Step): readonly DebtKey[] => {
    const own = freezeOf.get(step.targets[0].instance);
    if (own !== undefined) return [own];
    const unit = unitOf.get(step.key);
    return (unit && freezesIn.get(unit)) ?? [];
  };
  return {
    plan,
    steps,
    completeOf,
    heldFor,
    prepareOf,
    captureOf,
    freezeOf,
    freezesFor,
    demandsFreeze: (step) => freezesFor(step).some((key) => demanded.has(key)),
  };
};
