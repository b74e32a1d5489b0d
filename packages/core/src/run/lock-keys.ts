import type { Plan } from "../plan/plan.ts";

/** The locks that a run of this plan holds: its deployment's, and one per provider object that the plan touches. */
export const lockKeysOf = (plan: Pick<Plan, "deployment" | "locks">): readonly string[] => [
  ...new Set([`deployment/${plan.deployment}`, ...plan.locks.map((id) => `object/${id}`)]),
];
