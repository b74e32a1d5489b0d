import type { Recorded } from "../event/event.ts";
import type { DebtKey, StepKey } from "../model/id.ts";
import type { DebtState, RunState, StepState } from "./run-state.ts";

/** A run's state under construction; only `apply` writes to it. */
export interface RunFold {
  readonly steps: Map<StepKey, StepState>;
  readonly debts: Map<DebtKey, DebtState>;
  cancel: RunState["cancel"];
  status?: NonNullable<RunState["status"]>;
  error?: NonNullable<RunState["error"]>;
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
      return;
    case "run.settled":
      fold.status = event.status;
      if (event.error === undefined) delete fold.error;
      else fold.error = event.error;
      return;
    case "run.cancel":
      fold.cancel = fold.cancel === "hard" ? "hard" : event.mode;
      return;
    case "step.intended":
    case "step.ticketed":
    case "step.retrying":
    case "step.ended":
      fold.steps.set(event.step, stepAfter(fold.steps.get(event.step) ?? nothing, event));
      if (event.type === "step.intended" && event.debt !== undefined && !fold.debts.has(event.debt.key))
        fold.debts.set(event.debt.key, {
          spec: event.debt,
          by: event.step,
          since: event.at,
          state: "open",
          failures: 0,
        });
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
      return { ...debt, state: "paid", ...(event.heldMs === undefined ? {} : { heldMs: event.heldMs }) };
    case "debt.void":
      return { ...debt, state: "void" };
    case "debt.failed":
      return { ...debt, state: "open", failures: debt.failures + 1 };
  }
};
