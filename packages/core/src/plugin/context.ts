import type { DeploymentId, RunId, StepKey } from "../model/id.ts";
import type { RepositoryFolder, RepositoryReader } from "../ports/repository.ts";
import type { BackupKind } from "../vocabulary/operation.ts";

/** `rescue` is a second connection, open before the first debt, so that a hung freeze cannot block its own thaw. */
export type Lane = "work" | "rescue";

/** What marks an object as ours: sweeps and removals touch only objects whose tag names this store. */
export interface OwnershipTag {
  readonly store: string;
  readonly deployment: DeploymentId;
  readonly run: RunId;
}

/** What a provider allows in a name. `allow` is tested per character; others become `-`. */
export interface NameRule {
  readonly max: number;
  readonly allow: RegExp;
}

export interface Progress {
  readonly done: number;
  readonly total?: number;
  readonly unit: string;
}

/**
 * What each call of a handler gets. `key` is the same over crashes and retries; `requestId` and `name()` come from
 * it. There is no clock and no logger: use `sleep` and `report`.
 */
export interface Context<Api, I, T> {
  readonly api: Api;
  readonly target: T;
  readonly input: I;
  readonly run: RunId;
  readonly key: StepKey;
  /** 1 for the first try of this step in this run, also over restarts. */
  readonly attempt: number;
  /** A UUID that is the same for each try of this step: for providers that make requests idempotent by one. */
  readonly requestId: string;
  readonly tag: OwnershipTag;
  readonly backup?: { readonly name: string; readonly kind: BackupKind };
  /** True while our own freeze of this target is proved and not yet paid: a capture made now is file-system consistent. */
  readonly frozen: boolean;
  /** The name of the artefact that this step makes: the same for each try, fit for the provider. */
  name(rule: NameRule): string;
  /** The bytes that Quiesce moves itself; the folder of this step's set and instance. */
  readonly repository: RepositoryReader;
  readonly lane: Lane;
  /** Aborts at the step's deadline and on a forced cancel. */
  readonly signal: AbortSignal;
  sleep(ms: number): Promise<void>;
  report(progress: Progress): void;
}

/** What a call gets that may change something. */
export interface WritingContext<Api, I, T> extends Context<Api, I, T> {
  readonly repository: RepositoryFolder;
}
