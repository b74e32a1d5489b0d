import type { CancelMode, Recorded, RecoverPolicy, RunStatus } from "../event/event.ts";
import type { Deployment } from "../model/deployment.ts";
import type { BackupId, DebtKey, DeploymentId, Instant, InstanceId, RunId, StepKey, UnitId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { SetCheck } from "../model/manifest.ts";
import type { RecoveryRecord } from "../model/recovery.ts";
import type { Some } from "../model/some.ts";
import type { Plan } from "../plan/plan.ts";
import type { DebtState, RunState, StepState } from "../run/run-state.ts";
import type { Workflow } from "../vocabulary/operation.ts";
import type { Adopted } from "./adoption.ts";
import type { Catalogue } from "./catalogue.ts";
import type { KeptSet } from "./repository.ts";

/**
 * Right to write for a run or one of its chains. A newer claim on the same thing makes every older one fail in
 * `commit` with QuiesceError `fenced`.
 */
export interface Claim {
  readonly run: RunId;
  readonly chain: UnitId | "run";
  readonly token: number;
}

export interface NewRun {
  readonly run: RunId;
  readonly plan: Plan;
  readonly deployment: Deployment;
  readonly at: Instant;
  /** Who works: host, pid and start time, for the message that names the holder of a lock. */
  readonly worker: string;
  /** The lock's time to live: it is renewed while the run works, and expires when the process dies. */
  readonly ttlMs: number;
}

export type Begun =
  | { readonly begun: true; readonly claim: Claim }
  /** Nothing was written. `key` is the lock that is held: a deployment or a provider id. */
  | {
      readonly begun: false;
      readonly key: string;
      readonly by: RunId;
      readonly worker: string;
      readonly until: Instant;
    };

export interface TakeOver {
  readonly run: RunId;
  readonly worker: string;
  readonly ttlMs: number;
  readonly at: Instant;
  /** What it is taken over for; goes into the journal. */
  readonly policy: RecoverPolicy | "debts";
  /** A worker (`RunRecord.worker`) that the caller knows to be dead: what it holds counts as expired. */
  readonly gone?: string;
}

export type TakenOver =
  /** `locks`: it holds the plan's locks as well. Else another run holds one of them, and only debts may be paid. */
  | { readonly taken: true; readonly claim: Claim; readonly locks: boolean }
  /** Nothing was written: the run's worker lives. */
  | { readonly taken: false; readonly worker: string; readonly until: Instant };

export interface RunRecord {
  readonly run: RunId;
  readonly workflow: Workflow;
  readonly deployment: DeploymentId;
  readonly startedAt: Instant;
  readonly settledAt?: Instant;
  readonly status: RunStatus | "running";
  readonly worker: string;
  readonly openDebts: number;
  /**
   * Until when the run is held, with its locks or without them. Past: its process died or hangs, and another may take
   * the run over and pay its debts. Absent: nobody holds it, because it settled, was let go or lost its locks.
   */
  readonly heldUntil?: Instant;
}

/** What is noted about a set after its run. */
export interface SetNote {
  /** A protected set is neither removed nor pruned. */
  readonly protected?: boolean;
  /** Takes the place of an earlier check. */
  readonly checked?: SetCheck;
}

/**
 * The durable truth. One way to write: debts, catalogue, suspensions and status are projections of the events
 * (`project`), changed in the same transaction. What `commit` resolved survives the death of the process and of
 * the machine. A run that is not stored is QuiesceError `not-found`, except for `load`.
 */
export interface Store {
  /**
   * Made with the store and part of every ownership tag: another store's objects are not ours. Only `adopt` into an
   * empty store changes it; read it when a run begins.
   */
  readonly id: string;
  /**
   * Takes the locks, stores plan and deployment and writes `run.started`, all or nothing. An expired lock is taken
   * over: the run that lost it keeps none of its locks, and its claims are fenced. Throws QuiesceError `refused` for a
   * run id that is stored and for a backup name that is taken.
   */
  begin(run: NewRun): Promise<Begun>;
  /**
   * Takes the right to write for a run that exists. A chain is claimed only while the run holds its locks; else
   * QuiesceError `fenced`. The claim on the run itself is always given, so that its debts can be paid.
   */
  claim(run: RunId, chain: UnitId | "run", worker: string): Promise<Claim>;
  commit(claim: Claim, events: Some<Recorded>): Promise<void>;
  /**
   * Takes a run over whose worker is dead: raises the claim, so that the old worker's writes are refused, takes the
   * run's lease and, where nobody else holds one of them, its locks, and writes `run.recovering`. Refused while the
   * lease lasts, unless its worker is `gone`. For a settled run too: its debts may be open; it takes no locks and
   * stays settled. A lease without locks keeps nobody from beginning a run on the same objects, and is not lost to it.
   */
  takeOver(given: TakeOver): Promise<TakenOver>;
  /**
   * Gives up what a run's claim holds, without ending the run: it only paid debts. The claim is spent, with all claims
   * on the run's chains: it neither writes nor renews any more. A claim that is not current changes nothing.
   */
  letGo(claim: Claim): Promise<void>;
  /**
   * Renews what the run holds: its locks, or only its lease where it was taken over without them, also when they
   * ended and nobody took them. Where it holds nothing, it takes the locks again for a newer claim when they are free.
   * False when they were lost or the run settled and was not taken over since: then the run must stop making calls,
   * and nothing was changed.
   */
  renew(claim: Claim, ttlMs: number): Promise<boolean>;
  /** From any process; needs no claim. Of a settled run it changes nothing. */
  requestCancel(run: RunId, mode: CancelMode, at: Instant): Promise<void>;
  /** Durable, from any process; needs no claim. A set that is not in the catalogue is QuiesceError `not-found`. */
  annotate(backup: BackupId, note: SetNote): Promise<void>;
  /**
   * Takes in sets that a repository still knows, all in one transaction. An empty store whose sets come all from one
   * other store takes that store's id; in any other, sets of other stores are marked (`Manifest.store`).
   */
  adopt(sets: readonly KeptSet[]): Promise<Adopted>;
  cancelled(run: RunId): Promise<CancelMode | "none">;
  step(run: RunId, key: StepKey): Promise<StepState | undefined>;
  debt(run: RunId, key: DebtKey): Promise<DebtState | undefined>;
  /**
   * The whole state as it is now; it does not change when the run goes on. `step` and `debt` cost the same for a run
   * of any size, this does not.
   */
  state(run: RunId): Promise<RunState>;
  load(
    run: RunId,
  ): Promise<{ readonly plan: Plan; readonly deployment: Deployment; readonly record: RunRecord } | undefined>;
  /** Newest first. */
  runs(filter: { readonly deployment?: DeploymentId; readonly open?: boolean }): Promise<readonly RunRecord[]>;
  /** From position `from` on (0 = all), in order. */
  events(run: RunId, from: number): Promise<readonly Recorded[]>;
  /** Open ones, of all runs. */
  debts(): Promise<readonly (DebtState & { readonly run: RunId })[]>;
  /** The ways back from restores that nobody took or gave up yet, newest first. */
  recoveries(filter: { readonly deployment?: DeploymentId; readonly run?: RunId }): Promise<readonly RecoveryRecord[]>;
  /** What suspend recorded and nobody resumed yet. */
  suspended(deployment: DeploymentId): Promise<Readonly<Record<InstanceId, JsonObject>>>;
  readonly catalogue: Catalogue;
  close(): Promise<void>;
}
