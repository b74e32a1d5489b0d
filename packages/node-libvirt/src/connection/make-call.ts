import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { decodeXdr } from "../protocol/decode-xdr.ts";
import { encodeXdr } from "../protocol/encode-xdr.ts";
import { headerBytes } from "../protocol/frame.ts";
import { maxMessageBytes } from "../protocol/limits.ts";
import type { Procedure } from "../protocol/procedure.ts";
import type { XdrType, XdrValue } from "../protocol/xdr-type.ts";
import type { CallOptions, CallReport } from "./caller.ts";
import { PendingCall } from "./pending-call.ts";

/** What holds for a call that does not say otherwise. */
export interface CallDefaults {
  /** Deadline in milliseconds. */
  readonly callTimeoutMs: number;
  readonly onCall?: ((report: CallReport) => void) | undefined;
}

export interface MadeCall<R extends XdrType> {
  readonly call: PendingCall;
  /** Rejects with a `ClientError`. */
  readonly result: Promise<XdrValue<R>>;
}

/** @throws {InvalidArgumentError} */
export const makeCall = <A extends XdrType, R extends XdrType>(
  procedure: Procedure<A, R>,
  args: XdrValue<A>,
  options: CallOptions,
  defaults: CallDefaults,
): MadeCall<R> => {
  const timeoutMs = options.timeoutMs ?? defaults.callTimeoutMs;
  if (!(timeoutMs > 0)) {
    throw new InvalidArgumentError(`${procedure.name} cannot be called: timeoutMs is ${timeoutMs}, it must be above 0`);
  }
  const body = encodeArgs(procedure, args);
  const { promise: result, resolve, reject } = Promise.withResolvers<XdrValue<R>>();
  const accept = (reply: Buffer) => resolve(decodeXdr(procedure.ret, reply));
  const { onCall } = defaults;
  const call = new PendingCall({ procedure, body, accept, reject, timeoutMs, signal: options.signal, onCall });
  return { call, result };
};

const encodeArgs = <A extends XdrType>(procedure: Procedure<A>, args: XdrValue<A>): Buffer => {
  try {
    const body = encodeXdr(procedure.args, args);
    if (headerBytes + body.length > maxMessageBytes)
      throw new InvalidArgumentError(`${body.length} bytes are too much`);
    return body;
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(`${procedure.name} cannot be called: ${error.message}`);
  }
};
