import type { BackupKind, Kind } from "../vocabulary/operation.ts";
import type { KeptPoint } from "./artefact.ts";
import type { BackupId, DeploymentId, Instant, InstanceId, ProviderName, RunId } from "./id.ts";
import type { JsonObject } from "./json.ts";

/** The way back from one instance's restore, until it is taken or given up. */
export interface RecoveryRecord {
  /** The run that restored. */
  readonly run: RunId;
  readonly deployment: DeploymentId;
  readonly instance: InstanceId;
  readonly kind: Kind;
  readonly provider: ProviderName;
  readonly providerId: string;
  readonly at: Instant;
  /** The set that was restored. */
  readonly backup: { readonly id?: BackupId; readonly name: string; readonly kind: BackupKind };
  /** The restore's own input: `undo` and `commit` get it again. */
  readonly input: JsonObject;
  readonly point: KeptPoint;
}
