import type { InstanceId } from "./id.ts";
import { isSome, type Some } from "./some.ts";

/** Expected failures of planning and configuring are values, and all of them at once. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: Some<Problem> };

/** What is wrong, where, why and what to do: one sentence each in `message` and `hint`. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
  readonly instance?: InstanceId;
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
}

export type ProblemCode =
  | "config-invalid"
  | "unknown-plugin"
  | "unknown-runner"
  | "unknown-instance"
  | "empty-selection"
  | "not-found"
  | "ambiguous"
  | "name-taken"
  | "unsupported"
  | "uncovered"
  | "consistency-unreachable"
  | "freeze-without-thaw"
  | "window-too-long"
  | "cycle"
  | "unit-spans-sites"
  | "damaged"
  | "no-room"
  | "protected"
  | "needs-permission"
  | "stale-plan";

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** A failure when there is any problem, else the value. `make` runs only when there is none. */
export const resultOf = <T>(problems: readonly Problem[], make: () => T): Result<T> =>
  isSome(problems) ? { ok: false, problems } : ok(make());
