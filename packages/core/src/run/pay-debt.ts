import { failure } from "../error/provider-error.ts";
import { isQuiesceError } from "../error/quiesce-error.ts";
import type { PaidBy, RecordedBody, StepEnd } from "../event/event.ts";
import type { Outcome } from "../model/artefact.ts";
import { asId, type DebtKey, type StepKey } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { DebtSpec, Payment, Step } from "../plan/plan.ts";
import { attemptInfo } from "./attempt.ts";
import type { Owed } from "./owed.ts";
import { withDeadline } from "./deadline.ts";
import type { Drive } from "./drive.ts";
import { driverOf, settleMsOf } from "./driver-of.ts";
import { problemOf } from "./problem-of.ts";
import { retryAfterMs } from "./retry.ts";
import { isOwed } from "./run-state.ts";

const nothing: Outcome = { artefacts: [], covered: [], saved: {} };
const never = new AbortController().signal;

/** What must be paid, from the journal or, where that fails, from what this process knows. */
interface Due {
  readonly spec: DebtSpec;
  readonly failures: number;
  readonly saved: JsonObject | undefined;
  /** Nobody saw the harm: the call that does it may still be under way, and come true after a payment. */
  readonly unseen: boolean;
}

/**
 * Pays one debt: tries until the harm is provably undone or the tries are used up. A journal that cannot be written
 * does not stop a payment; its error is thrown when the guest is free.
 */
export const payDebt = async (drive: Drive, key: DebtKey, by: PaidBy, known: Owed | undefined): Promise<StepEnd> => {
  const due = await dueOf(drive, key, known);
  if ("as" in due) return due;
  const step = paymentStep(due.spec);
  const note = stubbornNotes(drive);
  for (let attempt = due.failures + 1, tries = 1; ; attempt += 1, tries += 1) {
    await note.record({ type: "debt.paying", debt: key, by, attempt });
    // A thaw too many does no harm. A release would take away what the process that took over is working with.
    if (due.spec.harm === "held" && note.isFenced()) note.rethrow();
    try {
      const outcome = await payForGood(drive, step, due, attempt);
      const heldMs = known?.openedAt === undefined ? undefined : Math.round(drive.clock.monotonicMs() - known.openedAt);
      await note.record({ type: "debt.paid", debt: key, by, ...(heldMs === undefined ? {} : { heldMs }) });
      note.rethrow();
      return { as: "succeeded", outcome };
    } catch (thrown) {
      if (note.failed(thrown)) throw thrown;
      const error = problemOf(thrown, never);
      await note.record({ type: "debt.failed", debt: key, by, attempt, error });
      // Even an error that looks final is tried again: a guest that stays frozen is worse than a call too many.
      const waitMs = retryAfterMs(step, { ...error, advice: { retry: "later" } }, tries, drive.random);
      if (waitMs === undefined) return { as: "failed", error };
      await drive.clock.sleep(waitMs, never);
    }
  }
};

const dueOf = async (drive: Drive, key: DebtKey, known: Owed | undefined): Promise<Due | StepEnd> => {
  try {
    const debt = await drive.store.debt(drive.run, key);
    if (debt === undefined || debt.state === "void") return { as: "skipped", reason: "nothing-owed" };
    if (!isOwed(debt)) return { as: "succeeded", outcome: nothing };
    const harm = (await drive.store.step(drive.run, debt.by))?.end;
    const saved = harm?.as === "succeeded" ? harm.outcome.saved : known?.saved;
    return { spec: debt.spec, failures: debt.failures, saved, unseen: harm?.as !== "succeeded" };
  } catch (thrown) {
    if (known === undefined) throw thrown;
    return { spec: known.spec, failures: 0, saved: known.saved, unseen: known.openedAt === undefined };
  }
};

/** Writes what can be written and keeps the first error for later. */
const stubbornNotes = ({ journal }: Drive) => {
  let error: { readonly thrown: unknown } | undefined;
  return {
    record: async (body: RecordedBody): Promise<void> => {
      try {
        await journal.record(body);
      } catch (thrown) {
        error ??= { thrown };
      }
    },
    failed: (thrown: unknown): boolean => error !== undefined && error.thrown === thrown,
    isFenced: (): boolean => isQuiesceError(error?.thrown) && error.thrown.code === "fenced",
    rethrow: (): void => {
      if (error !== undefined) throw error.thrown;
    },
  };
};

/** Pays at once and, where the harm may come true late, again when it can no longer do so. */
const payForGood = async (
  drive: Drive,
  step: Step,
  { spec, saved, unseen }: Due,
  attempt: number,
): Promise<Outcome> => {
  const outcome = await payStep(drive, step, saved, attempt);
  // What a capture holds is looked for by its tag before the run closes.
  const settleMs = unseen && spec.harm !== "held" ? await settleMsOf(drive, step, "rescue") : 0;
  if (settleMs === 0) return outcome;
  await drive.clock.sleep(settleMs, never);
  return await payStep(drive, step, saved, attempt);
};

/** Acts first: a payment is idempotent, and each look would lengthen the window. */
const payStep = async (drive: Drive, step: Step, saved: JsonObject | undefined, attempt: number): Promise<Outcome> =>
  await withDeadline(drive.clock, step.timeoutMs, never, step.title, async (signal) => {
    using _entered = await drive.gate.enter(step.account, "pay", signal);
    const driver = await driverOf(drive, step, "rescue");
    const info = await attemptInfo(drive, step, { attempt, lane: "rescue", signal, frozen: true });
    if (step.does === "release") {
      const prepared = saved === undefined ? {} : { prepared: saved };
      await driver.release(
        { ...info, input: { ...info.input, ...prepared } },
        { whole: await isWhole(drive, step.of) },
      );
      return nothing;
    }
    const full = { ...info, input: { ...info.input, ...(saved === undefined ? {} : { froze: saved }) } };
    const acted = await driver.act(full);
    if (acted.next === "evidence") return acted.outcome;
    const look = await driver.observe(full);
    if (look.is === "done") return look.outcome;
    throw failure("protocol", `${step.title}: the call was accepted, but the harm is still there.`);
  });

/**
 * Only a completion that the journal knows makes a set whole; else what was made for it goes. A journal that cannot be
 * read says neither: then nothing is taken away but what is held.
 */
const isWhole = async ({ store, run }: Drive, completion: StepKey): Promise<boolean> => {
  try {
    return (await store.step(run, completion))?.end?.as === "succeeded";
  } catch {
    return true;
  }
};

const paymentStep = ({ key, pay, target }: DebtSpec): Step => {
  const base = { ...baseOf(key, pay), targets: [target] as const };
  if (pay.completes !== undefined)
    return { ...base, title: `release ${target.instance}`, does: "release", debt: key, of: pay.completes };
  const title = `${pay.operation} ${target.instance}`;
  return pay.call === undefined
    ? { ...base, title, does: "pay", debt: key }
    : { ...base, title, does: "call", call: pay.call };
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
