import { QuiesceError } from "../error/quiesce-error.ts";
import type { ProviderError } from "../error/provider-error.ts";
import type { CancelMode, Event } from "../event/event.ts";
import type { Deployment } from "../model/deployment.ts";
import type { RunId } from "../model/id.ts";
import type { Plan } from "../plan/plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Fleet } from "../ports/fleet.ts";
import type { Gate } from "../ports/gate.ts";
import type { Repository } from "../ports/repository.ts";
import type { Claim, Store } from "../ports/store.ts";
import { createCashier } from "../run/cashier.ts";
import type { Drive } from "../run/drive.ts";
import { checkSet } from "../run/check-set.ts";
import { createJournal } from "../run/journal.ts";
import { keepManifest, withdrawManifest } from "../run/kept-manifest.ts";
import { indexPlan } from "../run/plan-index.ts";
import { runPlan } from "../run/run-plan.ts";
import { statusOf, summarize, type RunSummary } from "../run/summary.ts";
import { embeddedEngine } from "./engine.ts";
import { noRepository } from "./no-repository.ts";

export interface RuntimeParts {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly gate: Gate;
  readonly clock: Clock;
  /** Where the bytes go that are moved here; without one a step that moves bytes fails and says so. */
  readonly repository?: Repository;
  readonly random: () => number;
  /** Names this process to whoever meets its locks: host, pid, start. */
  readonly worker: string;
  /** Default 60 s: how long the locks of a process that died keep others away. */
  readonly lockTtlMs?: number;
}

export interface RunRequest {
  readonly run: RunId;
  readonly plan: Plan;
  readonly deployment: Deployment;
  /** Gets every event, recorded and live, in order; must not throw. */
  readonly onEvent: (event: Event) => void;
}

export interface RunHandle {
  readonly run: RunId;
  readonly result: Promise<RunSummary>;
  /**
   * `soft`: no new work, copies are broken off, then the debts are paid. `hard`: calls in flight are abandoned too.
   * Payments always go on.
   */
  cancel(mode: CancelMode): Promise<void>;
}

/**
 * Starts a run in this process. Resolves when the run is durable and holds its locks; throws QuiesceError `locked`
 * when another run holds one of them, and `refused` for a set whose bytes lie elsewhere.
 */
export const startRun = async (request: RunRequest, parts: RuntimeParts): Promise<RunHandle> => {
  const { run, plan, deployment } = request;
  const { store, clock, worker, lockTtlMs: ttlMs = 60_000, repository = noRepository } = parts;
  await checkSet(plan, repository, store);
  const at = clock.now();
  const begun = await store.begin({ run, plan, deployment, at, worker, ttlMs });
  if (!begun.begun) {
    throw new QuiesceError("locked", `Run ${begun.by} of ${begun.worker} works on ${begun.key}.`, {
      hint: `Wait for it, or cancel it: quiesce executions cancel ${begun.by}. Its lock ends by itself at ${begun.until} if the process died.`,
    });
  }
  // The store wrote it together with the locks.
  request.onEvent({ type: "run.started", at, run, plan: plan.digest });
  const force = new AbortController();
  const stopCopies = new AbortController();
  const signals = { signal: force.signal, copying: AbortSignal.any([force.signal, stopCopies.signal]) };
  const drive = driveOf(request, parts, begun.claim, signals);
  const stopRenewing = keepLocks(begun.claim, parts, ttlMs, force);
  const isOurs = (): Promise<boolean> => store.renew(begun.claim, ttlMs);
  const result = settle(drive, plan, isOurs).finally(() => {
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
  { run, plan, deployment, onEvent }: RunRequest,
  { store, fleet, gate, clock, random, repository = noRepository }: RuntimeParts,
  claim: Claim,
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
    index: indexPlan(plan),
    journal: createJournal(run, claim, { store, clock, emit: onEvent }),
    cashier: createCashier(() => drive),
  };
  return drive;
};

const settle = async (drive: Drive, plan: Plan, isOurs: () => Promise<boolean>): Promise<RunSummary> => {
  const error = (await withdrawManifest(drive)) ?? (await workThrough(drive, plan, isOurs));
  const status = error === undefined ? statusOf(drive.index, await drive.store.state(drive.run)) : "failed";
  await drive.journal.record({ type: "run.settled", status, ...(error === undefined ? {} : { error }) });
  return summarize(drive.index, drive.run, await drive.store.state(drive.run));
};

/** All steps, then what is still owed, then the set's manifest. Gives the error that no step had. */
const workThrough = async (
  drive: Drive,
  plan: Plan,
  isOurs: () => Promise<boolean>,
): Promise<ProviderError | undefined> => {
  try {
    await runPlan(plan, embeddedEngine(drive));
  } finally {
    // Whatever ended the plan, a bug too: what is still owed is paid before the run is over.
    await drive.cashier.payRest();
  }
  // Who took the run over writes the manifest; here the journal refuses the end.
  if (!(await isOurs())) return undefined;
  return await keepManifest(drive, statusOf(drive.index, await drive.store.state(drive.run)));
};

/**
 * Renews the locks at a third of their life. Locks that were lost stop the work: another run may have begun. A store
 * that does not answer is asked again until the locks would have expired.
 */
const keepLocks = (
  claim: Claim,
  { store, clock }: RuntimeParts,
  ttlMs: number,
  force: AbortController,
): (() => void) => {
  let stop = (): void => {};
  let renewedAt = clock.monotonicMs();
  const renew = async (): Promise<void> => {
    const kept = await store.renew(claim, ttlMs).catch(() => "unknown" as const);
    if (kept === true) renewedAt = clock.monotonicMs();
    if (kept === false || clock.monotonicMs() - renewedAt >= ttlMs) force.abort(new Error("the run lost its locks"));
    else again(kept === true ? ttlMs / 3 : ttlMs / 30);
  };
  const again = (ms: number): void => {
    stop = clock.timer(ms, () => void renew());
  };
  again(ttlMs / 3);
  return () => stop();
};
