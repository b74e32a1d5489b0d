import type { Harm, RecoveryPoint, Risk } from "../plugin/survey.ts";
import type { BackupKind, InstanceKind, Kind, Operation, Workflow } from "../vocabulary/operation.ts";
import type {
  Account,
  BackupId,
  DebtKey,
  DeploymentId,
  Digest,
  InstanceId,
  ProviderName,
  RunId,
  Site,
  StepKey,
  UnitId,
} from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { RepositoryRef } from "../model/manifest.ts";
import type { Call } from "../model/deployment.ts";
import type { Some } from "../model/some.ts";
import type { Mode } from "../capability/capability.ts";

/**
 * What happens, as data: stages (a barrier between two) of chains (one per unit, side by side) of links (in order)
 * of steps (side by side). JSON with a content hash; `apply` runs exactly this or refuses.
 */
export interface Plan extends PlanBody {
  /** Hash of everything else in the plan. */
  readonly digest: Digest;
}

export interface PlanBody {
  readonly schema: "quiesce.plan/1";
  readonly workflow: Workflow;
  readonly deployment: DeploymentId;
  readonly scope: Scope;
  /** The set that is made, read or removed. */
  readonly backup?: PlannedSet;
  /** Parameters of the workflow as the user gave them; every bound call gets them unchanged. */
  readonly parameters: JsonObject;
  readonly stages: readonly Stage[];
  /** What is not done, and why. */
  readonly omitted: readonly Omission[];
  /** What the user should know before it runs: implied instances, running dependents, a consistency of `crash`. */
  readonly notes: readonly PlanNote[];
  /** Fingerprints at planning time: a plan whose world changed is stale. */
  readonly surveyed: Readonly<Record<InstanceId, Digest>>;
  /** Provider ids that the run locks, sorted. */
  readonly locks: readonly string[];
}

export interface PlannedSet {
  readonly id?: BackupId;
  readonly name: string;
  readonly kind: BackupKind;
  /** Where the bytes go, or come from, that Quiesce moves itself. */
  readonly repository?: RepositoryRef;
}

/** `deployment`: all are frozen before the first capture. `instance`: each unit freezes, captures and thaws by itself. */
export type Scope = "deployment" | "instance";

export interface Omission {
  readonly instance: InstanceId;
  readonly kind: InstanceKind;
  readonly operation: Operation;
  readonly mode: Mode | "bound";
  readonly reason: string;
  /** `absent`: not applicable. `nothing-to-do`: already so. `allowed`: the user permitted less. */
  readonly why: "absent" | "nothing-to-do" | "allowed";
}

export interface PlanNote {
  readonly about?: InstanceId;
  readonly message: string;
}

export interface Stage {
  readonly name: string;
  readonly chains: readonly Chain[];
}

/**
 * A unit is what must be quiet together: a VM, the services in it, its volumes; a multi-attached volume joins its
 * VMs. It is also the failure domain over all stages, and lies on one site.
 */
export interface Chain {
  readonly unit: UnitId;
  readonly site: Site;
  readonly links: readonly Link[];
  /** How often a window that a debt payment broke before the capture may be repeated. */
  readonly redo: number;
}

export type Link = Some<Step>;

export interface PlannedTarget {
  readonly instance: InstanceId;
  readonly kind: InstanceKind;
  readonly providerId: string;
  readonly properties: JsonObject;
}

/**
 * An instance that another instance's step does; it becomes an item of the result. One with the provider id of the
 * step's own target is that object under a second name: success of the step is all the proof that it needs.
 */
export interface Covered {
  readonly instance: InstanceId;
  readonly kind: Kind;
  readonly providerId: string;
  readonly mode: "by-vm" | "bypassed";
  readonly reason: string;
}

interface StepBase {
  /** Readable and stable: `<operation>/<instance>`, unique in the plan. */
  readonly key: StepKey;
  readonly title: string;
  readonly provider?: ProviderName;
  readonly account: Account;
  readonly targets: Some<PlannedTarget>;
  readonly operation: Operation;
  /** Typed by Inputs[operation] where a handler reads it. */
  readonly input: JsonObject;
  /** Input fields that exist only at run time: field name → the step whose `Outcome.saved` fills it. */
  readonly reads: Readonly<Record<string, StepKey>>;
  readonly risk: Risk;
  /** Deadline of one try. */
  readonly timeoutMs: number;
  readonly retry: { readonly attempts: number; readonly baseMs: number; readonly capMs: number };
  /** `run`: ends all new work, then the debts are paid. `unit`: only this unit's. `note`: nothing. */
  readonly onFailure: "run" | "unit" | "note";
  readonly covers: readonly Covered[];
  /** Of a restore in place: what it can be taken back by. Absent where the provider does not say. */
  readonly recovery?: RecoveryPoint;
}

export type Step = StepBase &
  (
    | { readonly does: "cell"; readonly owes?: DebtSpec }
    /** Makes before any freeze what the capture of the same targets needs. */
    | { readonly does: "prepare"; readonly owes: DebtSpec }
    | { readonly does: "capture" }
    | { readonly does: "compare" }
    /** Moves or awaits the bytes of a capture, after the thaw. */
    | { readonly does: "complete"; readonly of: StepKey }
    /** Runs exactly when the debt is open, after a failure and a cancel too. */
    | { readonly does: "pay"; readonly debt: DebtKey }
    /** A payment too: gives back what a capture holds. `of`: the step that completes it. */
    | { readonly does: "release"; readonly debt: DebtKey; readonly of: StepKey }
    /** Takes back what a capture made. Never planned: a run adds it when it repeats a window or is taken back. */
    | { readonly does: "discard"; readonly of: StepKey }
    /** Takes a restore back, or gives up the way back. `of`: the run that restored. */
    | { readonly does: "undo" | "commit"; readonly of: RunId }
    | { readonly does: "move"; readonly move: string; readonly owes?: DebtSpec }
    | { readonly does: "call"; readonly call: Call; readonly owes?: DebtSpec }
  );

/**
 * Harm that must be undone. Written in the intent's transaction; with the run's stored deployment it is enough to
 * pay without the plan and without the process that made it.
 */
export interface DebtSpec {
  readonly key: DebtKey;
  readonly harm: Harm;
  readonly target: PlannedTarget;
  /** From the intent on; then the watchdog pays. */
  readonly dueInMs: number;
  readonly pay: Payment;
}

export interface Payment {
  /** Of a release: the step whose success says that the set is whole. */
  readonly completes?: StepKey;
  readonly provider?: ProviderName;
  readonly account: Account;
  readonly operation: Operation;
  readonly input: JsonObject;
  readonly call?: Call;
  readonly timeoutMs: number;
}

export const stepsOf = (plan: Pick<Plan, "stages">): readonly Step[] =>
  plan.stages.flatMap(({ chains }) => chains.flatMap(({ links }) => links.flat()));

export const isPayment = (step: Step): step is Extract<Step, { does: "pay" | "release" }> =>
  step.does === "pay" || step.does === "release";
