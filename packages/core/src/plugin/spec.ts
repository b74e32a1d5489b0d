import type { Matrix, Restriction } from "../capability/capability.ts";
import type { ProviderError } from "../error/provider-error.ts";
import type { Artefact } from "../model/artefact.ts";
import type { Account, DeploymentId, RunId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Schema } from "../model/schema.ts";
import type { Some } from "../model/some.ts";
import type { Input } from "../vocabulary/inputs.ts";
import type { Kind, Operation } from "../vocabulary/operation.ts";
import type { Lane, NameRule, OwnershipTag } from "./context.ts";
import type { CaptureHandler, Handler } from "./handler.ts";
import type { Handlers } from "./handlers.ts";
import type { GroupOperation, Surveyed } from "./survey.ts";
import type { Target } from "./target.ts";

/** An open connection: the reading half, the writing half, and what this provider cannot do of the declared matrix. */
export interface Session<R, W> {
  readonly read: R;
  readonly write: W;
  /** Names the credentials and the endpoint, without a secret: limits are counted by it. */
  readonly account: Account;
  readonly restrictions: readonly Restriction[];
  close(): Promise<void>;
}

export interface ConnectEnvironment {
  readonly lane: Lane;
  readonly signal: AbortSignal;
}

/** One finding of `doctor`; `fix` says what to do. */
export interface Finding {
  readonly level: "ok" | "warning" | "error";
  readonly about: string;
  readonly message: string;
  readonly fix?: string;
}

/** Which objects with a tag of Quiesce to look for; without `store`, those of every store. */
export interface OwnedBy {
  readonly store?: string;
  readonly deployment?: DeploymentId;
  readonly run?: RunId;
}

/** An object at a provider that carries a tag of Quiesce. */
export interface OwnedArtefact extends Artefact {
  readonly tag: OwnershipTag;
  /**
   * `content`: belongs into a set. `working`: a run needed it while it worked (a job, scratch space, a disk not yet in
   * use). `recovery`: a restore kept it for the way back.
   */
  readonly use: "content" | "working" | "recovery";
}

/** What the author of a plugin writes; `definePlugin` closes its types over. */
export interface PluginSpec<C, R, W, X, M extends Matrix> {
  readonly name: string;
  readonly apiVersion: 1;
  readonly capabilities: M;
  /** Checks a provider's `config`; secrets are already resolved in it. */
  readonly config: Schema<C>;
  /** Checks the plugin's own options of an operation (`Instance.properties` and `--option` feed them). */
  readonly options?: { readonly [O in keyof X & Operation]: Schema<X[O]> };
  readonly names: NameRule;
  /** How long an accepted request may stay invisible: a create in doubt is looked for again after it. */
  readonly settleMs: number;
  /** Called once per process, account and lane. The SDK is imported in here, not at the top of the module. */
  connect(config: C, environment: ConnectEnvironment): Promise<Session<R, W>>;
  /** One entry for each target, in any order. */
  survey(read: R, targets: readonly Target<Kind>[], signal: AbortSignal): Promise<readonly Surveyed[]>;
  /** Everything that carries a tag; feeds leftovers, the final sweep and a rebuild. Pages to the end or throws. */
  owned(read: R, by: OwnedBy, signal: AbortSignal): AsyncIterable<OwnedArtefact>;
  /**
   * Removes one object that `owned` gave, after another look at its tag: absent is success, another tag a `conflict`.
   * Resolves when it is gone.
   */
  discard(write: W, artefact: OwnedArtefact, signal: AbortSignal): Promise<void>;
  /** Every instance that a deployment file could name; feeds `deployments discover`. */
  discover?(
    read: R,
    signal: AbortSignal,
  ): AsyncIterable<{
    readonly kind: Kind;
    readonly providerId: string;
    readonly name: string;
    readonly attachedTo?: string;
  }>;
  /** Never changes anything. */
  doctor?(read: R, signal: AbortSignal): Promise<readonly Finding[]>;
  readonly handlers: Handlers<R, W, X, M>;
  readonly moves?: Readonly<Record<string, Handler<R, W, JsonObject, Target<Kind>>>>;
  readonly groups?: { readonly [O in GroupOperation]?: CaptureHandler<R, W, Input<O, X>, Some<Target<Kind>>> };
  /** Foreign throwable to typed error, at the one gate where core calls a plugin. */
  problem(thrown: unknown): ProviderError;
}
