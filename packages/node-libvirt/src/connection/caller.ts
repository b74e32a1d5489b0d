import type { Procedure } from "../protocol/procedure.ts";
import type { XdrType, XdrValue } from "../protocol/xdr-type.ts";

export interface CallOptions {
  /**
   * Deadline in milliseconds, from the call until its answer, waiting in line included. `Infinity` for none. Default: the
   * connection's `callTimeoutMs`.
   */
  readonly timeoutMs?: number | undefined;
  /** Gives the call up. The daemon goes on with it if it was sent. */
  readonly signal?: AbortSignal | undefined;
}

/** Performs procedures. A connection is one, and so is a lane of several connections. */
export interface Caller {
  /** @throws {ClientError} */
  call<A extends XdrType, R extends XdrType>(
    procedure: Procedure<A, R>,
    args: XdrValue<A>,
    options?: CallOptions,
  ): Promise<XdrValue<R>>;
}

/** Performs only procedures that change nothing. Every `Caller` is one. */
export interface ReadCaller {
  /** @throws {ClientError} */
  call<A extends XdrType, R extends XdrType>(
    procedure: Procedure<A, R, "read">,
    args: XdrValue<A>,
    options?: CallOptions,
  ): Promise<XdrValue<R>>;
}

/** One ended call, for tracing. Arguments and results are left out: they may hold secrets. */
export interface CallReport {
  readonly procedure: string;
  /** Since the call was made, waiting in line included. */
  readonly elapsedMs: number;
  readonly outcome: "ok" | "error";
  readonly error?: Error;
}
