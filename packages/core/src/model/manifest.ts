import type { BackupKind, InstanceKind } from "../vocabulary/operation.ts";
import type { Artefact, Consistency, Survives } from "./artefact.ts";
import type { BackupId, DeploymentId, Instant, InstanceId, ProviderName, RunId } from "./id.ts";
import type { JsonObject } from "./json.ts";

/** A backup set: what one run made under one name. Self-contained: restore and removal need nothing else. */
export interface Manifest {
  readonly schema: "quiesce.backup/1";
  readonly id: BackupId;
  readonly name: string;
  readonly kind: BackupKind;
  readonly deployment: DeploymentId;
  readonly run: RunId;
  /** The store that made it, where it was adopted from another one: it can be restored here, not removed. */
  readonly store?: string;
  readonly createdAt: Instant;
  /** False while the run works, and for ever when it failed in between. */
  readonly complete: boolean;
  /** Where the bytes lie that Quiesce moved itself. */
  readonly repository?: RepositoryRef;
  /** A protected set is neither removed nor pruned. */
  readonly protected?: true;
  /** The last time that all its bytes were read again. */
  readonly checked?: SetCheck;
  readonly items: readonly ManifestItem[];
}

export interface ManifestItem {
  readonly instance: InstanceId;
  readonly kind: InstanceKind;
  readonly provider?: ProviderName;
  /** Provider id of the object at capture: what a restore and a removal address. */
  readonly providerId: string;
  /** `captured`: content fixed, bytes not yet complete. */
  readonly status: "ok" | "captured" | "failed";
  readonly consistency: Consistency;
  readonly freezeWindowMs?: number;
  readonly artefacts: readonly Artefact[];
  /** `Outcome.saved` of the capture. */
  readonly saved: JsonObject;
  /** The instance whose step took this one's content. */
  readonly coveredBy?: InstanceId;
  readonly survives?: Survives;
  /** `Outcome.base` of the capture. */
  readonly base?: string;
  /** The set that this item's content builds on. */
  readonly parent?: BackupId;
  readonly notes?: readonly string[];
}

export interface RepositoryRef {
  readonly id: string;
  /** Where it was when the set was made. */
  readonly location: string;
}

export interface Damage {
  /** Artefact id. */
  readonly file: string;
  readonly reason: string;
}

/** One look at all bytes of a set. */
export interface SetCheck {
  readonly at: Instant;
  readonly bytes: number;
  readonly damage: readonly Damage[];
}
