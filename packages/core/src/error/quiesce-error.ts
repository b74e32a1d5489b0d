import type { Problem } from "../model/result.ts";
import type { Some } from "../model/some.ts";

const identity = Symbol.for("quiesce.QuiesceError");

/** Why a command ended before or beside a run. Each has its exit code (see exitCodeOf). */
export type QuiesceErrorCode =
  | "usage"
  | "refused"
  | "not-found"
  | "locked"
  | "unreachable"
  | "unauthenticated"
  | "unconfirmed"
  | "newer-store"
  | "damaged"
  | "deadline"
  | "fenced";

/** An expected end of a command: message for the user, no stack. Anything else that is thrown is a bug. */
export class QuiesceError extends Error {
  readonly code: QuiesceErrorCode;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
  readonly [identity] = true;

  constructor(
    code: QuiesceErrorCode,
    message: string,
    options: ErrorOptions & { hint?: string; problems?: Some<Problem> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "QuiesceError";
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems ?? [];
  }
}

/** By symbol, not `instanceof`: two copies of core may be loaded. */
export const isQuiesceError = (thrown: unknown): thrown is QuiesceError =>
  typeof thrown === "object" && thrown !== null && identity in thrown;
