import type { InstanceId, RunId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Manifest, ManifestItem } from "../model/manifest.ts";
import type { RecoveryRecord } from "../model/recovery.ts";

/** What a store must change beside appending the event and keeping the run's state: pure, the same for every store. */
export type Change =
  /** Only when there is none with this id. */
  | { readonly what: "add-backup"; readonly manifest: Omit<Manifest, "items"> }
  | { readonly what: "complete-backup"; readonly id: Manifest["id"] }
  /** Only when it has no items left. */
  | { readonly what: "drop-empty-backup"; readonly id: Manifest["id"] }
  | { readonly what: "put-item"; readonly id: Manifest["id"]; readonly item: ManifestItem }
  /** Only when there is one of this instance. */
  | { readonly what: "amend-item"; readonly id: Manifest["id"]; readonly item: ManifestItem }
  | { readonly what: "drop-item"; readonly id: Manifest["id"]; readonly instance: InstanceId }
  | { readonly what: "put-suspended"; readonly instance: InstanceId; readonly saved: JsonObject }
  | { readonly what: "drop-suspended"; readonly instance: InstanceId }
  /** A restore kept a way back. One per run and instance. */
  | { readonly what: "put-recovery"; readonly point: RecoveryRecord }
  | { readonly what: "drop-recovery"; readonly run: RunId; readonly instance: InstanceId };
