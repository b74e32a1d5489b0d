import type { Mode } from "../capability/capability.ts";
import type { ProviderErrorCode } from "../error/provider-error.ts";
import type { Artefact, Consistency, Drift } from "../model/artefact.ts";
import type { InstanceId } from "../model/id.ts";
import type { InstanceKind, Operation } from "../vocabulary/operation.ts";

export type ItemStatus =
  | "succeeded"
  /** Made and restorable, but a freeze that was demanded did not last until its content was fixed. */
  | "degraded"
  | "failed"
  | "skipped"
  | "missing"
  | "drifted"
  | "cancelled"
  | "undone"
  | "not-run";

export interface Item {
  readonly instance: InstanceId;
  readonly kind: InstanceKind;
  readonly operation: Operation;
  readonly mode: Mode | "bound";
  readonly status: ItemStatus;
  readonly reason?: string;
  /** The kind of error that ended it: for scripts, which do not read the reason. */
  readonly code?: ProviderErrorCode;
  readonly consistency?: Consistency;
  readonly freezeWindowMs?: number;
  readonly drift?: readonly Drift[];
  readonly artefacts: readonly Artefact[];
  readonly notes?: readonly string[];
}
