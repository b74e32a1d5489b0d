import { failure } from "../error/provider-error.ts";
import type { PaidBy, RecordedBody, StepEnd } from "../event/event.ts";
import type { Outcome } from "../model/artefact.ts";
import type { Json } from "../model/json.ts";
import { asId, type DebtKey, type StepKey } from "../model/id.ts";
import type { Payment, Step } from "../plan/plan.ts";
import { attemptInfo } from "./attempt.ts";
import { withDeadline } from "./deadline.ts";
import type { Drive } from "./drive.ts";
import { problemOf } from "./problem-of.ts";
import { driverOf } from "./driver-of.ts";
import { retryAfterMs } from "./retry.ts";
import { isOwed, type DebtState } from "./run-state.ts";

/** Pays debts, each once, however many ask: the plan's step, the watchdog at the deadline, recovery. */
export interface Cashier {
  /** The harm is proved: the window is open, and the watchdog pays when nobody did by the deadline. */
  opened(debt: DebtKey, dueInMs: number): void;
  pay(debt: DebtKey, by: PaidBy): Promise<StepEnd>;
  /** Stops all watchdogs. */
  close(): void;
}

const nothing: Outcome = { artefacts: [], covered: [], saved: {} };
const never = new AbortController().signal;

export const createCashier = (drive: () => Drive): Cashier => {
  const paying = new Map<DebtKey, Promise<StepEnd>>();
  const openedAt = new Map<DebtKey, number>();
  const timers = new Map<DebtKey, () => void>();
  const disarm = (debt: DebtKey): void => {
    timers.get(debt)?.();
    timers.delete(debt);
  };
  const pay: Cashier["pay"] = (key, by) => {
    const running = paying.get(key);
    if (running !== undefined) return running;
    const payment = payOnce(drive(), key, by, openedAt.get(key)).finally(() => {
      disarm(key);
      paying.delete(key);
    });
    paying.set(key, payment);
    return payment;
  };
  return {
    pay,
    opened: (key, dueInMs) => {
      const { clock } = drive();
      openedAt.set(key, clock.monotonicMs());
      timers.set(
        key,
        // A payment that fails stays owed and is journaled; the step and recovery try again.
        clock.timer(dueInMs, () => void pay(key, "watchdog").catch(() => {})),
      );
    },
    close: () => [...timers.keys()].forEach(disarm),
  };
};

const payOnce = async (drive: Drive, key: DebtKey, by: PaidBy, openedAt: number | undefined): Promise<StepEnd> => {
  const debt = await drive.store.debt(drive.run, key);
  if (debt === undefined || debt.state === "void") return { as: "skipped", reason: "nothing-owed" };
  if (!isOwed(debt)) return { as: "succeeded", outcome: nothing };
  const step = paymentStep(key, debt);
  for (let attempt = debt.failures + 1, tries = 1; ; attempt += 1, tries += 1) {
    await drive.journal.record({ type: "debt.paying", debt: key, by, attempt });
    try {
      const outcome = await payStep(drive, step, debt, attempt);
      const heldMs = openedAt === undefined ? undefined : Math.round(drive.clock.monotonicMs() - openedAt);
      await drive.journal.record({ type: "debt.paid", debt: key, by, ...(heldMs === undefined ? {} : { heldMs }) });
      return { as: "succeeded", outcome };
    } catch (thrown) {
      const error = problemOf(thrown, never);
      const failed: RecordedBody = { type: "debt.failed", debt: key, by, attempt, error };
      await drive.journal.record(failed);
      // Even an error that looks final is tried again: a guest that stays frozen is worse than a call too many.
      const waitMs = retryAfterMs(step, { ...error, advice: { retry: "later" } }, tries, drive.random);
      if (waitMs === undefined) return { as: "failed", error };
      await drive.clock.sleep(waitMs, never);
    }
  }
};

/** Acts first: a payment is idempotent, and each look would lengthen the window. A failed call is looked at. */
const payStep = async (drive: Drive, step: Step, debt: DebtState, attempt: number): Promise<Outcome> => {
  const harm = await drive.store.step(drive.run, debt.by);
  const froze: Record<string, Json> = harm?.end?.as === "succeeded" ? { froze: harm.end.outcome.saved } : {};
  return await withDeadline(drive.clock, step.timeoutMs, never, step.title, async (signal) => {
    using _entered = await drive.gate.enter(step.account, "pay", signal);
    const driver = await driverOf(drive, step, "rescue");
    const info = await attemptInfo(drive, step, { attempt, lane: "rescue", signal, frozen: true });
    const full = { ...info, input: { ...info.input, ...froze } };
    const acted = await driver.act(full);
    if (acted.next === "evidence") return acted.outcome;
    const look = await driver.observe(full);
    if (look.is === "done") return look.outcome;
    throw failure("protocol", `${step.title}: the call was accepted, but the harm is still there.`);
  });
};

const paymentStep = (key: DebtKey, { spec }: DebtState): Step => {
  const { pay, target } = spec;
  const common = baseOf(key, pay);
  return {
    ...common,
    title: `${pay.operation} ${target.instance}`,
    targets: [target],
    ...(pay.call === undefined ? { does: "pay", debt: key } : { does: "call", call: pay.call }),
  };
};

const baseOf = (key: DebtKey, { provider, account, operation, input, timeoutMs }: Payment) => ({
  key: asId<StepKey>(`pay/${key}`),
  ...(provider === undefined ? {} : { provider }),
  account,
  operation,
  input,
  reads: {},
  risk: "safe" as const,
  timeoutMs,
  retry: { attempts: 5, baseMs: 200, capMs: 5000 },
  onFailure: "unit" as const,
  covers: [],
});
