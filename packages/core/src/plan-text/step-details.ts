import type { Step } from "../plan/plan.ts";

/** What a reader must know of a step beside its title: who does it, what it owes, what it covers. */
export const stepDetails = (step: Step): readonly string[] => [
  ...(step.does === "call" ? [`by runner ${step.call.runner}`] : []),
  ...(step.does === "cell" && step.operation === "freeze" ? [`by provider ${step.provider}`] : []),
  ...(step.does === "compare" ? ["compares only: differences are reported, nothing is changed"] : []),
  ...(step.risk === "destructive" ? ["destructive"] : []),
  ...("owes" in step && step.owes !== undefined
    ? [`owes ${step.owes.pay.operation} within ${durationOf(step.owes.dueInMs)}, whatever happens`]
    : []),
  ...step.covers.map(
    ({ instance, providerId, mode, reason }) => `covers ${instance} (${providerId}), ${mode}: ${reason}`,
  ),
];

const durationOf = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  return `${Math.round(ms / 60_000)} min`;
};
