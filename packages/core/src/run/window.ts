import type { DebtKey } from "../model/id.ts";
import type { Step } from "../plan/plan.ts";
import type { RunState } from "./run-state.ts";

/**
 * How many of these groups (stages of a plan, links of a chain) make a window: from the first one to the last thaw of
 * a freeze that stands in an earlier group. 0 where nothing is frozen for a capture.
 */
export const windowLength = (groups: readonly (readonly Step[])[]): number => {
  const owedIn = new Map<DebtKey, number>();
  let captured = false;
  let length = 0;
  groups.forEach((steps, at) => {
    for (const step of steps) {
      if (freezeDebt(step) !== undefined) owedIn.set(freezeDebt(step) as DebtKey, at);
      captured ||= isCapture(step);
      const opened = step.does === "pay" ? owedIn.get(step.debt) : undefined;
      if (captured && opened !== undefined && opened < at) length = at + 1;
    }
  });
  return length;
};

/** A step that fixes content. */
export const isCapture = ({ does, operation }: Step): boolean =>
  (does === "capture" || does === "call") && operation.endsWith(".create");

const freezeDebt = (step: Step): DebtKey | undefined =>
  "owes" in step && step.owes?.harm === "frozen" ? step.owes.key : undefined;

type Known = Pick<RunState, "steps" | "debts">;

/** The epoch in which these steps were driven last. */
export const epochOf = (steps: readonly Step[], { steps: known }: Pick<Known, "steps">): number =>
  steps.reduce((latest, { key }) => Math.max(latest, known.get(key)?.epoch ?? 0), 0);

/**
 * A watchdog or a recovery closed the window of this epoch before all content was fixed in it: what was captured is
 * not of one quiet moment. A window in which a step failed is not broken but lost: it is not repeated.
 */
export const isBroken = (steps: readonly Step[], known: Known, epoch: number): boolean =>
  steps.some((step) => wasClosedEarly(step, known, epoch)) &&
  steps.some((step) => isCapture(step) && !isFixed(step, known, epoch)) &&
  !steps.some((step) => hasFailed(step, known, epoch));

const wasClosedEarly = (step: Step, { debts }: Known, epoch: number): boolean => {
  const key = freezeDebt(step);
  const debt = key && debts.get(key);
  return debt?.state === "paid" && debt.epoch === epoch && debt.paidBy !== "step";
};

/** Content that was fixed while a guest was no longer frozen says `crash` itself. */
const isFixed = ({ key }: Step, { steps }: Known, epoch: number): boolean => {
  const state = steps.get(key);
  if (state?.epoch !== epoch || state.undone === true) return false;
  return state.end?.as === "succeeded" && state.end.outcome.consistency !== "crash";
};

const hasFailed = ({ key, onFailure }: Step, { steps }: Known, epoch: number): boolean => {
  const state = steps.get(key);
  const ended = state?.epoch === epoch ? state.end?.as : undefined;
  return onFailure !== "note" && (ended === "failed" || ended === "in-doubt");
};
