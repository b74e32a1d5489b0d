import type { Matrix, Restriction } from "../capability/capability.ts";
import type { Drift } from "../model/artefact.ts";
import type { Account, RunId, StepKey } from "../model/id.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Result } from "../model/result.ts";
import type { Step } from "../plan/plan.ts";
import type { RepositoryFolder } from "../ports/repository.ts";
import type { BackupKind, Kind } from "../vocabulary/operation.ts";
import type { Lane, OwnershipTag, Progress } from "./context.ts";
import type { Acted, Polled, Sighting } from "./handler.ts";
import type { ConnectEnvironment, Finding, OwnedArtefact, OwnedBy } from "./spec.ts";
import type { Surveyed } from "./survey.ts";
import type { Target } from "./target.ts";

/** A plugin with all its types closed over: what core and the command line hold. */
export interface Plugin {
  readonly kind: "provider";
  readonly name: string;
  readonly apiVersion: 1;
  readonly capabilities: Matrix;
  readonly settleMs: number;
  /** Problems of the config are values; a provider that does not answer is a thrown ProviderFailure. */
  open(config: unknown, environment: ConnectEnvironment): Promise<Result<Connection>>;
}

/** One account on one lane. Every method throws ProviderFailure and nothing else, bugs excepted. */
export interface Connection {
  readonly account: Account;
  readonly restrictions: readonly Restriction[];
  /** How long an accepted request may stay invisible. */
  readonly settleMs: number;
  survey(targets: readonly Target<Kind>[], signal: AbortSignal): Promise<readonly Surveyed[]>;
  owned(by: OwnedBy, signal: AbortSignal): AsyncIterable<OwnedArtefact>;
  /** Removes one object that `owned` gave. Absent is success; one whose tag is another by now is a `conflict`. */
  discard(artefact: OwnedArtefact, signal: AbortSignal): Promise<void>;
  discover(signal: AbortSignal): AsyncIterable<{
    readonly kind: Kind;
    readonly providerId: string;
    readonly name: string;
    readonly attachedTo?: string;
  }>;
  doctor(signal: AbortSignal): Promise<readonly Finding[]>;
  /**
   * The handler of a step, whatever its cell, move or group. Throws for a step that no handler serves: that is a bug of
   * planning; a way back that the plugin does not have is ProviderFailure `invalid`.
   */
  drive(step: Step): StepDriver;
  close(): Promise<void>;
}

/** A handler without its types: what driveStep calls. */
export interface StepDriver {
  observe(a: Attempt): Promise<Sighting>;
  act(a: Attempt): Promise<Acted>;
  poll(a: Attempt, ticket: Json): Promise<Polled>;
  complete(a: Attempt, captured: JsonObject): Promise<void>;
  prepare(a: Attempt): Promise<JsonObject>;
  /** Takes back all that a create of this run made. */
  discard(a: Attempt): Promise<void>;
  release(a: Attempt, held: { readonly whole: boolean }): Promise<void>;
  cancel(a: Attempt, ticket: Json): Promise<void>;
  compare(a: Attempt): Promise<readonly Drift[]>;
}

/** What the engine knows of one try of a step; a Context is made from it. */
export interface Attempt {
  readonly run: RunId;
  readonly key: StepKey;
  readonly attempt: number;
  readonly tag: OwnershipTag;
  readonly backup?: { readonly name: string; readonly kind: BackupKind };
  readonly frozen: boolean;
  readonly repository: RepositoryFolder;
  readonly lane: Lane;
  readonly signal: AbortSignal;
  /** The step's input with what `Step.reads` names filled in. */
  readonly input: JsonObject;
  sleep(ms: number): Promise<void>;
  report(progress: Progress): void;
}
