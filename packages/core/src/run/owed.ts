import type { PaidBy, StepEnd } from "../event/event.ts";
import type { DebtKey, StepKey } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { DebtSpec } from "../plan/plan.ts";

/** A debt as this process knows it: enough to pay when the journal can be neither read nor written any more. */
export interface Owed {
  readonly spec: DebtSpec;
  readonly by: StepKey;
  /** Monotonic time of the proof of the harm. */
  openedAt?: number;
  /** What the harm saved for its undoing. */
  saved?: JsonObject;
  tried: boolean;
}

/** Pays debts, each once, however many ask: the plan's step, the watchdog at the deadline, the end of the run. */
export interface Cashier {
  /** Called before the act that does the harm. */
  owe(spec: DebtSpec, by: StepKey): void;
  /** The harm is proved: the window is open, and the watchdog pays when nobody did by the deadline. */
  opened(debt: DebtKey, saved: JsonObject): void;
  pay(debt: DebtKey, by: PaidBy): Promise<StepEnd>;
  /** True from the first moment of a payment on, also when it failed. */
  isTried(debt: DebtKey): boolean;
  /** Pays what nobody tried to pay yet, side by side: one provider that is dead does not keep the others' guests. */
  payRest(): Promise<void>;
  /** Stops all watchdogs. */
  close(): void;
}
