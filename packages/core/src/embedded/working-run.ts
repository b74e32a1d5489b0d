import type { CancelMode, Event } from "../event/event.ts";
import type { Deployment } from "../model/deployment.ts";
import type { RunId } from "../model/id.ts";
import type { Plan } from "../plan/plan.ts";
import type { Claim } from "../ports/store.ts";
import { createCashier } from "../run/cashier.ts";
import type { Drive } from "../run/drive.ts";
import { createJournal } from "../run/journal.ts";
import { indexPlan } from "../run/plan-index.ts";
import type { RunSummary } from "../run/summary.ts";
import { keepLocks } from "./keep-locks.ts";
import { noRepository } from "./no-repository.ts";
import { defaultLockTtlMs, type RuntimeParts } from "./runtime-parts.ts";

export interface RunHandle {
  readonly run: RunId;
  readonly result: Promise<RunSummary>;
  /**
   * `soft`: no new work, copies are broken off, then the debts are paid. `hard`: calls in flight are abandoned too.
   * Payments always go on.
   */
  cancel(mode: CancelMode): Promise<void>;
}

/** A run that this process holds. */
export interface Held {
  readonly run: RunId;
  readonly plan: Plan;
  readonly deployment: Deployment;
  readonly claim: Claim;
  readonly onEvent: (event: Event) => void;
}

/** Keeps a run's locks while the work goes on, and lets it be cancelled. `isOurs`: nobody took it over meanwhile. */
export const workingRun = (
  held: Held,
  parts: RuntimeParts,
  work: (drive: Drive, isOurs: () => Promise<boolean>) => Promise<RunSummary>,
): RunHandle => {
  const { run, claim } = held;
  const { store, clock, lockTtlMs: ttlMs = defaultLockTtlMs } = parts;
  const force = new AbortController();
  const stopCopies = new AbortController();
  const drive = driveOf(held, parts, {
    signal: force.signal,
    copying: AbortSignal.any([force.signal, stopCopies.signal]),
  });
  const stopRenewing = keepLocks(claim, parts, ttlMs, force);
  const result = work(drive, () => store.renew(claim, ttlMs)).finally(() => {
    stopRenewing();
    drive.cashier.close();
  });
  return {
    run,
    result,
    cancel: async (mode) => {
      await store.requestCancel(run, mode, clock.now());
      stopCopies.abort(new Error("cancelled"));
      if (mode === "hard") force.abort(new Error("cancelled by force"));
    },
  };
};

const driveOf = (
  { run, plan, deployment, claim, onEvent }: Held,
  { store, fleet, gate, clock, random, repository = noRepository }: RuntimeParts,
  signals: Pick<Drive, "signal" | "copying">,
): Drive => {
  const drive: Drive = {
    run,
    deployment,
    store,
    fleet,
    gate,
    clock,
    repository,
    random,
    ...signals,
    cancellable: true,
    index: indexPlan(plan),
    journal: createJournal(run, claim, { store, clock, emit: onEvent }),
    cashier: createCashier(() => drive),
  };
  return drive;
};
