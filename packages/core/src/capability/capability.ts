import type { InstanceId } from "../model/id.ts";
import type { Kind, Operation, OperationOf } from "../vocabulary/operation.ts";

export interface CellRef {
  readonly kind: Kind;
  readonly operation: Operation;
}

/**
 * What a plugin declares of one cell of the matrix.
 *
 * | mode             | printed          | planner                                          | handler   |
 * | ---------------- | ---------------- | ------------------------------------------------ | --------- |
 * | `supported`      | Y                | a step                                           | required  |
 * | `by-compare`     | Y (By Compare)   | a compare step; it reports drift, never changes   | required  |
 * | `by-vm`          | Y (By VM)        | covered by the owning VM's step, or refused       | forbidden |
 * | `bypassed`       | Y (Bypassed)     | done by the route in `via`, or refused            | forbidden |
 * | `no-api`         | N (No API)       | refused, with the reason                          | forbidden |
 * | `not-applicable` | N (N/A)          | absent; `plan --explain` lists it                 | forbidden |
 */
export type Capability =
  /** `holds`: of a create whose capture holds a job or scratch space until its bytes are moved. */
  | { readonly mode: "supported"; readonly since: string; readonly holds?: true }
  | { readonly mode: "by-compare" | "by-vm"; readonly since: string }
  | { readonly mode: "bypassed"; readonly since: string; readonly via: CellRef; readonly reason: string }
  | { readonly mode: "no-api" | "not-applicable"; readonly reason: string };

export type Mode = Capability["mode"];

/** Every cell of every kind; a missing one is a type error. */
export type Matrix = { readonly [K in Kind]: { readonly [O in OperationOf<K>]: Capability } };

/**
 * The only change that a connection or a survey may make to a declared cell: it lowers it, with the reason.
 * Without `instance` it holds for the whole provider.
 */
export interface Restriction {
  readonly cell: CellRef;
  readonly instance?: InstanceId;
  readonly mode: "no-api" | "not-applicable";
  readonly reason: string;
  /** What the user can do about it: install the agent, upgrade, grant a role. */
  readonly fix?: string;
}
