import type { Quiesce } from "../model/deployment.ts";
import type { InstanceId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Manifest } from "../model/manifest.ts";
import type { BackupKind, Operation } from "../vocabulary/operation.ts";
import type { Scope } from "./plan.ts";

/** What the user asked for beside the workflow and the deployment. `defaultOptions` holds every default. */
export interface PlanOptions {
  readonly scope: Scope;
  readonly kind: BackupKind;
  /** Name of the set that is made, restored or removed. */
  readonly name: string;
  readonly include: readonly InstanceId[] | "all";
  readonly exclude: readonly InstanceId[];
  readonly quiesce: Quiesce;
  /** Keep the running state in a snapshot, where the provider can. */
  readonly memory: boolean;
  /** Attached volumes that the deployment does not list: `all` joins them, `listed` leaves them out (and says so). */
  readonly disks: "all" | "listed";
  /** `<instance>:<disk>`: disks that the user knows nobody captures. */
  readonly allowUncaptured: readonly string[];
  /** Unsupported cells become omissions instead of problems. */
  readonly allowSkip: boolean;
  /** A restore may mix times inside a unit. */
  readonly allowMixedTime: boolean;
  /** A backup stores only the difference to the last one, where that is possible; where not, it says why. */
  readonly incremental: boolean;
  /** Restore beside the original, under this name; its networks stay disconnected unless `connect`. */
  readonly as?: { readonly name: string; readonly connect: boolean };
  /** The set to restore or to remove. */
  readonly from?: Manifest;
  readonly freezeDeadlineMs: number;
  readonly timeoutMs: {
    readonly freeze: number;
    readonly thaw: number;
    readonly capture: number;
    readonly power: number;
    readonly restore: number;
    readonly remove: number;
    readonly complete: number;
  };
  /** Repeats of a window that a debt payment broke before the capture. */
  readonly redo: number;
  /** The plugin's own options, per operation. */
  readonly extra: { readonly [O in Operation]?: JsonObject };
  /** Parameters of the workflow as given; every bound call gets them unchanged. */
  readonly parameters: JsonObject;
}

export const defaultOptions: PlanOptions = {
  scope: "deployment",
  kind: "backup",
  name: "",
  include: "all",
  exclude: [],
  quiesce: "auto",
  memory: true,
  disks: "all",
  allowUncaptured: [],
  allowSkip: false,
  allowMixedTime: false,
  incremental: false,
  freezeDeadlineMs: 30_000,
  timeoutMs: {
    freeze: 30_000,
    thaw: 10_000,
    capture: 1_800_000,
    power: 300_000,
    restore: 1_800_000,
    remove: 600_000,
    complete: 86_400_000,
  },
  redo: 1,
  extra: {},
  parameters: {},
};
