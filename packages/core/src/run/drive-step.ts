import type { StepEnd } from "../event/event.ts";
import { failure, type ProviderError } from "../error/provider-error.ts";
import type { Outcome } from "../model/artefact.ts";
import { isPayment, type Step } from "../plan/plan.ts";
import type { Attempt, StepDriver } from "../plugin/plugin.ts";
import type { Rank } from "../ports/gate.ts";
import { attemptInfo, tryStep } from "./attempt.ts";
import { withDeadline } from "./deadline.ts";
import type { Drive } from "./drive.ts";
import { driverOf, settleMsOf } from "./driver-of.ts";
import { lookBack } from "./look-back.ts";
import { problemOf } from "./problem-of.ts";
import { retryAfterMs } from "./retry.ts";
import { isOwed, type StepState } from "./run-state.ts";

/**
 * Takes one step from its intent to its end: what the journal knows → observe → intent → act → poll → observe →
 * commit. Retries, deadlines and the watchdog are here and nowhere else. Resolves with the recorded end; rejects
 * only for a bug or a store that cannot be written.
 */
export const driveStep = async (step: Step, epoch: number, drive: Drive): Promise<StepEnd> => {
  const known = await drive.store.step(drive.run, step.key);
  if (known?.end !== undefined && known.epoch >= epoch) return known.end;
  const startedAt = drive.clock.monotonicMs();
  const before = known === undefined || known.epoch < epoch ? fresh : known;
  const end = kept(step, drive, await endOf({ step, drive, epoch, before }));
  const tookMs = Math.round(drive.clock.monotonicMs() - startedAt);
  await drive.journal.record({ type: "step.ended", step: step.key, epoch, end, tookMs });
  return end;
};

const fresh: StepState = { epoch: 0, attempts: 0 };

/** One step in one epoch, with what the journal says of earlier tries. */
interface Driving {
  readonly step: Step;
  readonly drive: Drive;
  readonly epoch: number;
  readonly before: StepState;
}

/**
 * A release that began before the completion was on record took the bytes away, because it could not know that they
 * are whole. Nothing may wait between this look and the record: a release that begins later reads the record.
 */
const kept = (step: Step, drive: Drive, end: StepEnd): StepEnd => {
  const held = drive.index.heldFor.get(step.key);
  if (end.as !== "succeeded" || held === undefined || !drive.cashier.isTried(held)) return end;
  const why = `${step.title}: what it needed was given back before it was done; what it made was removed.`;
  return { as: "failed", error: failure("timed-out", why).problem };
};

const endOf = async (driving: Driving): Promise<StepEnd> => {
  const { step, drive } = driving;
  if (isPayment(step)) {
    drive.journal.show({ type: "step.started", step: step.key });
    return await drive.cashier.pay(step.debt, "step");
  }
  if (drive.cancellable && (await drive.store.cancelled(drive.run)) !== "none") return await cancelledEnd(driving);
  try {
    using _entered = await entered(step, drive);
    drive.journal.show({ type: "step.started", step: step.key });
    return await work(driving);
  } catch (thrown) {
    // Only a forced cancel while waiting for the gate ends here: nothing was done.
    if (drive.signal.aborted && thrown === drive.signal.reason) return { as: "skipped", reason: "cancelled" };
    throw thrown;
  }
};

/** Nothing is begun after a cancel. What a process that died had begun may have come true: then it is no skipped step. */
const cancelledEnd = async ({ step, drive, before }: Driving): Promise<StepEnd> => {
  if (before.intendedAt === undefined || !showsItsWork(step)) return { as: "skipped", reason: "cancelled" };
  try {
    const outcome = await lookBack(drive, step, before);
    return outcome === undefined ? { as: "skipped", reason: "cancelled" } : { as: "succeeded", outcome };
  } catch (thrown) {
    return { as: "in-doubt", error: problemOf(thrown, drive.signal) };
  }
};

/** A freeze in doubt was thawed already; what prepares and completes a capture goes with its debt. */
const showsItsWork = ({ does, operation }: Step): boolean =>
  (does === "cell" || does === "call" || does === "move" || does === "capture") && operation !== "freeze";

const entered = async (step: Step, drive: Drive): Promise<Disposable> => {
  const rank = rankOf(step, await isFrozen(step, drive));
  return await drive.gate.enter(step.account, rank, drive.signal);
};

const rankOf = (step: Step, frozen: boolean): Rank => {
  if (step.does === "complete") return "background";
  return frozen ? "open" : "window";
};

const stopOf = ({ does }: Step, { signal, copying }: Drive): AbortSignal => (does === "complete" ? copying : signal);

/** Tries until the step ended: done, not to be retried, or out of tries. */
const work = async (driving: Driving): Promise<StepEnd> => {
  const { step, drive, before } = driving;
  const stop = stopOf(step, drive);
  // An intent without an end: a process that died may have acted, and its call may still come true.
  let doubt = before.intendedAt !== undefined;
  for (let attempt = before.attempts + 1; ; attempt += 1) {
    try {
      return await once(driving, attempt, doubt);
    } catch (thrown) {
      // A copy that was stopped left nothing in doubt: it is not whole, and its release takes it away.
      if (step.does === "complete" && stop.aborted) return { as: "skipped", reason: "cancelled" };
      const error = problemOf(thrown, stop);
      const waitMs = stop.aborted ? undefined : retryAfterMs(step, adviceOf(step, error), attempt, drive.random);
      if (waitMs === undefined) return await failed(step, drive, error);
      doubt = error.advice.retry === "observe-first";
      await drive.journal.record({ type: "step.retrying", step: step.key, attempt, error, afterMs: waitMs });
      try {
        await drive.clock.sleep(waitMs, stop);
      } catch {
        return await failed(step, drive, error);
      }
    }
  }
};

/** Taking back is tried again whatever the error says: half of it may be done, and nobody else comes to do the rest. */
const adviceOf = ({ does }: Step, error: ProviderError): ProviderError =>
  does === "discard" && error.advice.retry === "never" ? { ...error, advice: { retry: "later" } } : error;

const once = async ({ step, drive, epoch }: Driving, attempt: number, doubt: boolean): Promise<StepEnd> => {
  if ("owes" in step && step.owes !== undefined && step.provider !== undefined) {
    // The way out is open before the way in: a payment needs no new connection.
    await drive.fleet.connection(step.provider, "rescue");
  }
  return await withDeadline(drive.clock, step.timeoutMs, stopOf(step, drive), step.title, async (signal) => {
    const frozen = await isFrozen(step, drive);
    const driver = await driverOf(drive, step, "work");
    const info = await attemptInfo(drive, step, { attempt, lane: "work", signal, frozen });
    if (step.does === "discard") return { as: "succeeded", outcome: await discarded(drive, step, driver, info) };
    if (step.does === "prepare") return { as: "succeeded", outcome: await prepared(step, drive, driver, info, epoch) };
    if (step.does === "compare") return { as: "compared", drift: await driver.compare(info) };
    if (step.does === "complete") return { as: "succeeded", outcome: await completed(step, drive, driver, info) };
    const ticket = (await drive.store.step(drive.run, step.key))?.ticket;
    const one = { step, driver, attempt, epoch, doubt, info, ...(ticket === undefined ? {} : { ticket }) };
    const outcome = await tryStep(drive, one);
    if ("owes" in step && step.owes !== undefined) drive.cashier.opened(step.owes.key, outcome.saved);
    return { as: "succeeded", outcome: await honest(step, drive, outcome, frozen) };
  });
};

/** What is prepared is owed from before the first call on: it has to be given back. */
const prepared = async (
  step: Extract<Step, { does: "prepare" }>,
  drive: Drive,
  driver: StepDriver,
  info: Attempt,
  epoch: number,
): Promise<Outcome> => {
  const { attempt } = info;
  await drive.journal.record({ type: "step.intended", step: step.key, attempt, epoch, debt: step.owes });
  drive.cashier.owe(step.owes, step.key);
  const saved = await driver.prepare(info);
  drive.cashier.opened(step.owes.key, saved);
  return { artefacts: [], covered: [], saved };
};

/** Twice: a call of the capture that nobody heard of any more may come true after the first. */
const discarded = async (drive: Drive, step: Step, driver: StepDriver, info: Attempt): Promise<Outcome> => {
  await driver.discard(info);
  const settleMs = await settleMsOf(drive, step);
  if (settleMs > 0) {
    await info.sleep(settleMs);
    await driver.discard(info);
  }
  return { artefacts: [], covered: [], saved: {} };
};

/** Moves the bytes and looks at the result. What the content is worth was decided by its capture, not now. */
const completed = async (
  step: Extract<Step, { does: "complete" }>,
  drive: Drive,
  driver: StepDriver,
  info: Attempt,
): Promise<Outcome> => {
  const capture = (await drive.store.step(drive.run, step.of))?.end;
  const captured = capture?.as === "succeeded" ? capture.outcome : undefined;
  await driver.complete(info, captured?.saved ?? {});
  const look = await driver.observe(info);
  if (look.is !== "done" || look.whole === false) {
    const shown = look.is === "done" ? "not whole" : look.is;
    throw failure("protocol", `${step.title}: the bytes were sent, but a look does not find them (${shown}).`, {
      retry: "observe-first",
    });
  }
  const { consistency, ...outcome } = look.outcome;
  const fixed = captured?.consistency ?? consistency;
  return fixed === undefined ? outcome : { ...outcome, consistency: fixed };
};

/** A window that was paid while the content was being fixed does not make a consistent capture, whatever the freeze said. */
const honest = async (step: Step, drive: Drive, outcome: Outcome, frozen: boolean): Promise<Outcome> =>
  step.does !== "capture" || !frozen || (await isFrozen(step, drive)) ? outcome : { ...outcome, consistency: "crash" };

/** True while every freeze of the step's window is ours, proved, and nobody has tried to pay it: a try may have thawed. */
const isFrozen = async (step: Step, drive: Drive): Promise<boolean> => {
  const keys = drive.index.freezesFor(step);
  for (const key of keys) {
    const debt = await drive.store.debt(drive.run, key);
    if (debt?.state !== "open" || debt.failures > 0) return false;
    if ((await drive.store.step(drive.run, debt.by))?.end?.as !== "succeeded") return false;
  }
  return keys.length > 0;
};

/** The end of a step that will not be tried again. A harm that provably never happened is not owed. */
const failed = async (step: Step, drive: Drive, error: ProviderError): Promise<StepEnd> => {
  const doubt = error.advice.retry === "observe-first" || drive.signal.aborted;
  // What a prepare left behind cannot be seen: its release looks for it.
  const debt =
    step.does !== "prepare" && "owes" in step && step.owes !== undefined
      ? await drive.store.debt(drive.run, step.owes.key)
      : undefined;
  if (debt !== undefined && isOwed(debt)) {
    // A freeze in doubt may come true at any later time: only a thaw that the guest answers proves that it did not.
    if (error.noEffect === true || (!doubt && (await looksUndone(step, drive)))) {
      await drive.journal.record({ type: "debt.void", debt: debt.spec.key });
    }
  }
  return { as: doubt ? "in-doubt" : "failed", error };
};

const lookMs = 5000;

/** True only when the provider shows that the effect is not there; an answer that does not come proves nothing. */
const looksUndone = async (step: Step, drive: Drive): Promise<boolean> => {
  try {
    return await withDeadline(drive.clock, lookMs, new AbortController().signal, step.title, async (signal) => {
      const driver = await driverOf(drive, step, "rescue");
      const info = await attemptInfo(drive, step, { attempt: 1, lane: "rescue", signal, frozen: false });
      return (await driver.observe(info)).is === "absent";
    });
  } catch {
    return false;
  }
};
