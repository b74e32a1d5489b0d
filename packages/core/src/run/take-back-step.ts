import type { StepEnd } from "../event/event.ts";
import { asId, type StepKey } from "../model/id.ts";
import type { Step } from "../plan/plan.ts";
import { cleaningUp, type Drive } from "./drive.ts";
import { driveStep } from "./drive-step.ts";
import type { StepState } from "./run-state.ts";

const nothing: StepEnd = { as: "skipped", reason: "nothing-owed" };

/**
 * Takes back what a capture made in its epoch, and writes that down: a step of its own in the journal. A bound call
 * that made something cannot be taken back.
 */
export const discardCapture = async (
  drive: Drive,
  step: Step,
  state: StepState | undefined,
  why: "repeat" | "close",
): Promise<StepEnd> => {
  if (state === undefined || state.undone === true || isUntouched(state)) return nothing;
  if (step.does !== "capture") return cannot(step);
  const end = await driveStep(discardStep(step, why), state.epoch, cleaningUp(drive));
  if (end.as === "succeeded") await drive.journal.record({ type: "step.undone", step: step.key, epoch: state.epoch });
  return end;
};

/** It was skipped, so it has made nothing. */
export const isUntouched = ({ end, intendedAt }: StepState): boolean =>
  intendedAt === undefined && (end === undefined || end.as === "skipped");

const cannot = ({ title }: Step): StepEnd => ({
  as: "failed",
  error: {
    code: "invalid",
    advice: { retry: "never" },
    message: `${title}: what a script made cannot be taken back by Quiesce.`,
  },
});

/** A discard before a repeat that failed is not the last word: when the run closes it is tried again. */
const discardStep = (step: Extract<Step, { does: "capture" }>, why: "repeat" | "close"): Step => ({
  ...step,
  key: asId<StepKey>(`${why === "repeat" ? "discard" : "undo"}/${step.key}`),
  title: `Take back: ${step.title}`,
  does: "discard",
  of: step.key,
  risk: "safe",
  onFailure: "note",
});
