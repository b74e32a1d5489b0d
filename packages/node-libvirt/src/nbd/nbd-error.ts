/**
 * What went wrong with an NBD export:
 * - `connect`: the socket could not be opened.
 * - `refused`: the server will not serve this export to this client; `unknown-export`: it has none of that name.
 * - `unsupported`: the server lacks something that was asked for, for example a dirty bitmap.
 * - `server-error`: one read or question failed at the server (`errno`, `offset`); the connection goes on.
 * - `protocol`: the server sent bytes that the protocol does not allow; `timed-out`: it was silent; `closed`: the connection
 *   ended. After these three the connection is gone.
 * - `aborted`: the caller's signal fired. `invalid-argument`: nothing was sent.
 */
export type NbdErrorCode =
  | "connect"
  | "refused"
  | "unknown-export"
  | "unsupported"
  | "server-error"
  | "protocol"
  | "timed-out"
  | "closed"
  | "aborted"
  | "invalid-argument";

export interface NbdErrorOptions extends ErrorOptions {
  readonly errno?: number | undefined;
  readonly offset?: number | undefined;
}

/** Everything that the NBD client throws. Nothing at the server is changed by this client, so trying again is safe. */
export class NbdError extends Error {
  readonly kind = "nbd";
  readonly code: NbdErrorCode;
  /** The server's error number (`server-error` only): 5 is an input/output error, see the protocol's own list. */
  readonly errno: number | undefined;
  /** The byte of the disk at which the server failed, where it says so. */
  readonly offset: number | undefined;

  constructor(code: NbdErrorCode, message: string, options: NbdErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "NbdError";
    this.code = code;
    this.errno = options.errno;
    this.offset = options.offset;
  }
}
