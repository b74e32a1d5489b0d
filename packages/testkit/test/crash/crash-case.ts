import type { BackupKind, CancelMode, RecoverPolicy, Scope, Workflow } from "@quiesce/core";
import type { Fate, Fault } from "../../src/index.ts";

export interface CaseVm {
  readonly name: string;
  readonly volumes: 0 | 1;
  readonly power: "running" | "off";
  /** On the machine before it. */
  readonly depends: boolean;
  /** Something runs in it that binds its own freeze and thaw. */
  readonly service: boolean;
}

/** A place in a run: 0 is its first point, 1 would be just after its last. */
export type Share = number;

/** A share of the points, or the label of one. */
export type Place = Share | string;

export interface Death {
  readonly at: Place;
  readonly fates: readonly Fate[];
  /** The next process knows that this one is dead; else it waits until the lease has expired. */
  readonly known: boolean;
  /** Another process pays what is owed, before one takes the run over. */
  readonly paidFirst: boolean;
}

/** A run with all that happens to it. */
export interface CrashCase {
  readonly vms: readonly CaseVm[];
  readonly workflow: Workflow;
  readonly kind: BackupKind;
  readonly scope: Scope;
  readonly incremental: boolean;
  /** How long the cloud's calls take. */
  readonly delayMs: Readonly<Record<string, number>>;
  readonly faults: readonly Fault[];
  readonly cancels: readonly { readonly at: Place; readonly mode: CancelMode }[];
  /** The first ends the run, the others the recoveries after it. */
  readonly deaths: readonly Death[];
  readonly policy: RecoverPolicy;
  /** The run takes back what it did when it does not end well. */
  readonly rollback: boolean;
}

/** How late a call may take effect whose caller died. */
export const settleMs = 2000;
