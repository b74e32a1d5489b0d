import type { StepEnd } from "../event/event.ts";
import type { DebtKey } from "../model/id.ts";
import type { Drive } from "./drive.ts";
import type { Cashier, Owed } from "./owed.ts";
import { payDebt } from "./pay-debt.ts";

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
      // One that was paid is owed again: its window is repeated.
      if (owed.get(spec.key)?.tried !== false) owed.set(spec.key, { spec, by, tried: false });
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
    isTried: (key) => owed.get(key)?.tried === true,
    payRest: async () => {
      const rest = [...owed.values()].filter(({ tried }) => !tried);
      await Promise.allSettled(rest.map(({ spec }) => pay(spec.key, "recovery")));
    },
    close: () => [...timers.keys()].forEach(disarm),
  };
};
