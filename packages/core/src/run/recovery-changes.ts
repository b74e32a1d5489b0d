import type { Recorded } from "../event/event.ts";
import type { Step } from "../plan/plan.ts";
import type { Change } from "./change.ts";
import type { PlanIndex } from "./plan-index.ts";

/** A restore that kept a way back puts it on record; taking it, giving it up, and taking the restore back end it. */
export const recoveryChanges = (run: PlanIndex, event: Recorded): readonly Change[] => {
  const step = "step" in event ? run.steps.get(event.step) : undefined;
  if (step === undefined) return [];
  const [{ instance }] = step.targets;
  if (event.type === "step.undone") return isRestore(step) ? [{ what: "drop-recovery", run: event.run, instance }] : [];
  if (event.type !== "step.ended" || event.end.as !== "succeeded") return [];
  if (step.does === "undo" || step.does === "commit") return [{ what: "drop-recovery", run: step.of, instance }];
  return isRestore(step) ? put(run, step, event, event.end.outcome.recovery) : [];
};

type Recovery = Extract<Change, { what: "put-recovery" }>["point"];

const put = (
  { plan }: PlanIndex,
  step: Step,
  { run, at }: Recorded,
  point: Recovery["point"] | undefined,
): readonly Change[] => {
  const [{ instance, kind, providerId }] = step.targets;
  const { provider, input } = step;
  if (point === undefined || plan.backup === undefined || provider === undefined || kind === "other") return [];
  const { deployment, backup } = plan;
  return [
    {
      what: "put-recovery",
      point: { run, deployment, instance, kind, provider, providerId, at, backup, input, point },
    },
  ];
};

const isRestore = ({ does, operation }: Step): boolean => does === "cell" && operation.endsWith(".restore");
