import type { PaidBy, StepEnd } from "../event/event.ts";
import type { DebtKey, StepKey } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { DebtSpec } from "../plan/plan.ts";
import type { Drive } from "./drive.ts";
import { payDebt } from "./pay-debt.ts";

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
  /** Pays what nobody tried to pay yet, side by side: one provider that is dead does not keep the others' guests. */
  payRest(): Promise<void>;
  /** Stops all watchdogs. */
  close(): void;
}

export const createCashier = (drive: () => Drive): Cashier => {
  const owed = new Map<DebtKey, Owed>();
  const paying = new Map<DebtKey, Promise<StepEnd>>();
  const timers = new Map<DebtKey, () => void>();
  const disarm = (debt: DebtKey): void => {
    timers.get(debt)?.();
    timers.delete(debt);
  };
  const pay: Cashier["pay"] = (key, by) => {
    const running = paying.get(key);
    if (running !== undefined) return running;
    const known = owed.get(key);
    if (known !== undefined) known.tried = true;
    const payment = payDebt(drive(), key, by, known).finally(() => {
      disarm(key);
      paying.delete(key);
    });
    paying.set(key, payment);
    return payment;
  };
  return {
    pay,
    owe: (spec, by) => {
      if (!owed.has(spec.key)) owed.set(spec.key, { spec, by, tried: false });
    },
    opened: (key, saved) => {
      const known = owed.get(key);
      if (known === undefined) return;
      const { clock } = drive();
      Object.assign(known, { openedAt: clock.monotonicMs(), saved });
      // A payment that fails stays owed and is journaled; the step and recovery try again.
      timers.set(
        key,
        clock.timer(known.spec.dueInMs, () => void pay(key, "watchdog").catch(() => {})),
      );
    },
    payRest: async () => {
      const rest = [...owed.values()].filter(({ tried }) => !tried);
      await Promise.allSettled(rest.map(({ spec }) => pay(spec.key, "recovery")));
    },
    close: () => [...timers.keys()].forEach(disarm),
  };
};
