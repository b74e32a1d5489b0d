import { planTree, stepsOf, type Plan } from "@quiesce/core";
import type { Invocation } from "../invocation/invocation.ts";

/** Prints a plan as the result of the command. */
export const showPlan = (plan: Plan, explain: boolean, { output }: Invocation): void => {
  output.document(plan);
  output.result(`${planTree(plan, { explain })}${stepsOf(plan).length} steps; nothing was changed.`);
};
