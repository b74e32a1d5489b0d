import type { DebtSpec, Step } from "../plan/plan.ts";
import type { RecoveryPoint } from "../plugin/survey.ts";

/** What a reader must know of a step beside its title: who does it, what it owes, what it covers. */
export const stepDetails = (step: Step): readonly string[] => [
  ...(step.does === "call" ? [`by runner ${step.call.runner}`] : []),
  ...(step.does === "cell" && step.operation === "freeze" ? [`by provider ${step.provider}`] : []),
  ...(step.does === "compare" ? ["differences are reported, nothing is changed"] : []),
  ...fullDetails(step),
  ...(step.risk === "destructive" ? ["destructive"] : []),
  ...(step.recovery === undefined ? [] : [`recovery point: ${recoveryText(step.recovery)}`]),
  ...("owes" in step && step.owes !== undefined ? [owesLine(step.owes)] : []),
  ...coverDetails(step),
];

/** A backup that stores all of a machine or a volume; of a difference the title says it. */
const fullDetails = ({ does, operation, input, targets: [target] }: Step): readonly string[] => {
  if (does !== "capture" || operation !== "backup.create" || target.kind === "network") return [];
  if (input["parent"] !== "full") return [];
  return [typeof input["why"] === "string" ? `full, because ${input["why"]}` : "full"];
};

const recoveryText = (recovery: RecoveryPoint): string => {
  if (recovery.is === "none") return `none (${recovery.reason})`;
  return `${recovery.is === "old-disks" ? "old disks" : recovery.is} (${recovery.detail})`;
};

const owesLine = ({ harm, pay, dueInMs }: DebtSpec): string =>
  harm === "held"
    ? "holds a job and scratch space, released whatever happens"
    : `owes ${pay.operation} within ${durationOf(dueInMs)}, whatever happens`;

/** Told once: a payment and the second half of a create cover what the first half did. */
const coverDetails = ({ does, covers }: Step): readonly string[] =>
  does === "pay" || does === "release" || does === "complete"
    ? []
    : covers.map(({ instance, providerId, mode, reason }) => `covers ${instance} (${providerId}), ${mode}: ${reason}`);

const durationOf = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  return `${Math.round(ms / 60_000)} min`;
};
