import type { Recorded } from "../event/event.ts";
import type { DebtKey, StepKey } from "../model/id.ts";
import type { DebtSpec } from "../plan/plan.ts";
import { isOwed, type DebtState, type RunState, type StepState } from "./run-state.ts";

/** A run's state under construction; only `apply` writes to it. */
export interface RunFold {
  readonly steps: Map<StepKey, StepState>;
  readonly debts: Map<DebtKey, DebtState>;
  cancel: RunState["cancel"];
  undoing?: true;
  status?: NonNullable<RunState["status"]>;
  error?: NonNullable<RunState["error"]>;
  leftovers?: NonNullable<RunState["leftovers"]>;
}

export const emptyFold = (): RunFold => ({ steps: new Map(), debts: new Map(), cancel: "none" });

/** The state that a list of events means. Total: any list of events of one run has a state. */
export const reduce = (events: Iterable<Recorded>): RunState => {
  const fold = emptyFold();
  for (const event of events) apply(fold, event);
  return fold;
};

const nothing: StepState = { epoch: 0, attempts: 0 };

/**
 * Takes one event into the state, in place: a journal of n events is read in O(n). It schedules nothing and never
 * throws; an event about an unknown debt changes nothing.
 */
export const apply = (fold: RunFold, event: Recorded): void => {
  switch (event.type) {
    case "run.started":
    case "run.recovering":
      return;
    case "run.undoing":
      fold.undoing = true;
      return;
    case "run.settled":
      fold.status = event.status;
      if (event.error === undefined) delete fold.error;
      else fold.error = event.error;
      if (event.leftovers === undefined) delete fold.leftovers;
      else fold.leftovers = event.leftovers;
      return;
    case "run.cancel":
      fold.cancel = fold.cancel === "hard" ? "hard" : event.mode;
      return;
    case "step.intended":
    case "step.ticketed":
    case "step.retrying":
    case "step.ended":
    case "step.undone":
      fold.steps.set(event.step, stepAfter(fold.steps.get(event.step) ?? nothing, event));
      if (event.type === "step.intended" && event.debt !== undefined) owe(fold, event, event.debt);
      return;
    case "debt.paying":
    case "debt.paid":
    case "debt.void":
    case "debt.failed": {
      const debt = fold.debts.get(event.debt);
      if (debt !== undefined) fold.debts.set(event.debt, debtAfter(debt, event));
    }
  }
};

/** A debt that was paid or never came about is owed again by the next intent of its step: it is the youngest then. */
const owe = (fold: RunFold, { step, epoch, at }: Intended, spec: DebtSpec): void => {
  const known = fold.debts.get(spec.key);
  if (known !== undefined && isOwed(known)) {
    // Whoever pays it from now on closes the window of this epoch; the guest may be frozen since the older one.
    if (epoch > known.epoch) fold.debts.set(spec.key, { ...known, epoch });
    return;
  }
  fold.debts.delete(spec.key);
  fold.debts.set(spec.key, { spec, by: step, epoch, since: at, state: "open", failures: 0 });
};

type Intended = Extract<Recorded, { type: "step.intended" }>;
type StepEvent = Extract<Recorded, { step: StepKey }>;
type DebtEvent = Extract<Recorded, { debt: DebtKey }>;

const stepAfter = (step: StepState, event: StepEvent): StepState => {
  switch (event.type) {
    case "step.intended":
      return {
        ...stepIn(event.epoch, step),
        epoch: Math.max(event.epoch, step.epoch),
        attempts: Math.max(event.attempt, stepIn(event.epoch, step).attempts),
        intendedAt: event.at,
      };
    case "step.ticketed":
      return { ...stepIn(step.epoch, step), ticket: event.ticket };
    case "step.retrying":
      return { ...step, attempts: Math.max(step.attempts, event.attempt) };
    case "step.undone":
      if (isOutdated(step, event)) return step;
      return { ...(event.epoch > step.epoch ? nothing : step), epoch: event.epoch, undone: true };
    case "step.ended": {
      if (isOutdated(step, event)) return step;
      const { at, epoch, end, tookMs } = event;
      return { ...stepIn(epoch, step), epoch, end, endedAt: at, tookMs };
    }
  }
};

/** What an event of this epoch goes on with: what an older epoch came to, or was taken back, no longer counts. */
const stepIn = (epoch: number, step: StepState): StepState => {
  if (epoch > step.epoch) return nothing;
  return step.undone === true ? { epoch: step.epoch, attempts: step.attempts } : step;
};

/** It tells of an epoch that a newer one followed, and says nothing of what that one does. */
export const isOutdated = (step: StepState | undefined, { epoch }: { readonly epoch: number }): boolean =>
  step !== undefined && epoch < step.epoch;

const debtAfter = (debt: DebtState, event: DebtEvent): DebtState => {
  if (debt.state === "paid" || debt.state === "void") return debt;
  switch (event.type) {
    case "debt.paying":
      return { ...debt, state: "paying" };
    case "debt.paid":
      return {
        ...debt,
        state: "paid",
        paidBy: event.by,
        ...(event.heldMs === undefined ? {} : { heldMs: event.heldMs }),
      };
    case "debt.void":
      return { ...debt, state: "void" };
    case "debt.failed":
      return { ...debt, state: "open", failures: debt.failures + 1 };
  }
};
