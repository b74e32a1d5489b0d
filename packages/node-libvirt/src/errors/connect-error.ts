export type ConnectFailure =
  | "no-socket"
  | "refused"
  | "forbidden"
  | "authentication"
  | "untrusted"
  | "unsupported"
  | "timed-out"
  | "aborted"
  | "closed"
  | "failed";

/** No session with a daemon could be opened; nothing was done. The message names the address and what to do. */
export class ConnectError extends Error {
  readonly kind = "connect";
  readonly outcome = "not-sent";
  readonly failure: ConnectFailure;

  constructor(failure: ConnectFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ConnectError";
    this.failure = failure;
  }
}
