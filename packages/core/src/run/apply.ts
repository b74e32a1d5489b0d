import type { Recorded } from "../event/event.ts";
import type { DebtKey, StepKey } from "../model/id.ts";
import type { DebtSpec } from "../plan/plan.ts";
import { isOwed, type DebtState, type RunState, type StepState } from "./run-state.ts";

/** A run's state under construction; only `apply` writes to it. */
export interface RunFold {
  readonly steps: Map<StepKey, StepState>;
  readonly debts: Map<DebtKey, DebtState>;
  cancel: RunState["cancel"];
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

/** A debt that was paid or never came about is owed again by the next intent of its step. */
const owe = (fold: RunFold, { step, epoch, at }: Intended, spec: DebtSpec): void => {
  const known = fold.debts.get(spec.key);
  if (known !== undefined && isOwed(known)) return;
  fold.debts.set(spec.key, { spec, by: step, epoch, since: at, state: "open", failures: 0 });
};

type Intended = Extract<Recorded, { type: "step.intended" }>;
type StepEvent = Extract<Recorded, { step: StepKey }>;
type DebtEvent = Extract<Recorded, { debt: DebtKey }>;

const stepAfter = (step: StepState, event: StepEvent): StepState => {
  switch (event.type) {
    case "step.intended": {
      // A new epoch repeats the step from the start: what the old one ended with no longer counts.
      const base = event.epoch > step.epoch ? nothing : step;
      return {
        ...base,
        epoch: Math.max(event.epoch, step.epoch),
        attempts: Math.max(event.attempt, base.attempts),
        intendedAt: event.at,
      };
    }
    case "step.ticketed":
      return { ...step, ticket: event.ticket };
    case "step.retrying":
      return { ...step, attempts: Math.max(step.attempts, event.attempt) };
    case "step.undone":
      // What a newer epoch did meanwhile is not what was taken back.
      return event.epoch < step.epoch ? step : { ...step, undone: true };
    case "step.ended":
      return { ...step, epoch: event.epoch, end: event.end, endedAt: event.at, tookMs: event.tookMs };
  }
};

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
