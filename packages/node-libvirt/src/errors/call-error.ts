/**
 * What is known of a call that got no answer. `not-sent`: it never left this process, so it did nothing.
 * `unknown`: it may have been done, be going on, or not have arrived; look before trying again.
 */
export type CallOutcome = "not-sent" | "unknown";

const hint = (outcome: CallOutcome): string =>
  outcome === "not-sent" ? "it was not sent" : "it was sent; its outcome is unknown";

/** The caller's deadline passed. The daemon goes on with a call that was sent. */
export class CallTimedOutError extends Error {
  readonly kind = "timed-out";
  readonly outcome: CallOutcome;
  readonly procedure: string;
  readonly timeoutMs: number;

  constructor(procedure: string, timeoutMs: number, outcome: CallOutcome) {
    super(`${procedure} got no answer within ${timeoutMs} ms: ${hint(outcome)}`);
    this.name = "CallTimedOutError";
    this.outcome = outcome;
    this.procedure = procedure;
    this.timeoutMs = timeoutMs;
  }
}

/** The caller's `AbortSignal` fired. The daemon goes on with a call that was sent. */
export class CallAbortedError extends Error {
  readonly kind = "aborted";
  readonly outcome: CallOutcome;
  readonly procedure: string;

  constructor(procedure: string, outcome: CallOutcome, cause: unknown) {
    super(`${procedure} was given up by the caller: ${hint(outcome)}`, { cause });
    this.name = "CallAbortedError";
    this.outcome = outcome;
    this.procedure = procedure;
  }
}

/** The connection ended before the answer came. */
export class ConnectionLostError extends Error {
  readonly kind = "connection-lost";
  readonly outcome: CallOutcome;
  readonly procedure: string;
  /** Why the connection ended, for example `closed by the daemon`. */
  readonly reason: string;

  constructor(procedure: string, reason: string, outcome: CallOutcome, cause?: unknown) {
    super(`${procedure}: the connection to libvirt was lost (${reason}): ${hint(outcome)}`, { cause });
    this.name = "ConnectionLostError";
    this.outcome = outcome;
    this.procedure = procedure;
    this.reason = reason;
  }
}
