import { CallAbortedError, CallTimedOutError, ConnectionLostError, type CallOutcome } from "../errors/call-error.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { LibvirtError } from "../errors/libvirt-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { decodeXdr } from "../protocol/decode-xdr.ts";
import { encodeXdr } from "../protocol/encode-xdr.ts";
import { headerBytes, type Frame } from "../protocol/frame.ts";
import { maxMessageBytes } from "../protocol/limits.ts";
import type { Procedure } from "../protocol/procedure.ts";
import { remoteError } from "../protocol/remote-error.ts";
import type { CallReport } from "./caller.ts";

/** The longest delay that a timer takes; beyond it there is no deadline. */
const maxTimerMs = 0x7fff_ffff;
const maxBodyBytes = maxMessageBytes - headerBytes;

export interface PendingCallOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onCall: ((report: CallReport) => void) | undefined;
}

/** One call from its making to its end: by answer, deadline, abort or loss of the connection, whichever comes first. */
export class PendingCall {
  readonly procedure: Procedure;
  readonly body: Buffer;
  /** Rejects with a `ClientError`. */
  readonly result: Promise<unknown>;
  readonly #settle: { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };
  readonly #options: PendingCallOptions;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #sent = false;
  #ended = false;
  #onEnd: (() => void) | undefined;

  /** @throws {InvalidArgumentError} */
  constructor(procedure: Procedure, args: unknown, options: PendingCallOptions) {
    const { timeoutMs, signal } = options;
    if (!(timeoutMs > 0))
      throw new InvalidArgumentError(`${procedure.name}: timeoutMs is ${timeoutMs}, it must be above 0`);
    this.procedure = procedure;
    this.body = encodeArgs(procedure, args);
    this.#options = options;
    const { promise, resolve, reject } = Promise.withResolvers();
    this.result = promise;
    this.#settle = { resolve, reject };
    if (timeoutMs <= maxTimerMs) this.#timer = setTimeout(this.#timeOut, timeoutMs);
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** True when the caller has an answer or an error; the daemon may still be at work. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Calls back at the end; at once when that is past. There is one listener at most. */
  onEnd(listener: (() => void) | undefined): void {
    this.#onEnd = listener;
    if (this.#ended) listener?.();
  }

  /** From now on the outcome of a failure is unknown. */
  markSent(): void {
    this.#sent = true;
  }

  /** Takes the daemon's reply. For a call that was given up it is dropped. */
  answer({ header, body }: Frame): void {
    if (this.#ended) return;
    try {
      if (header.status === "error")
        return this.fail(new LibvirtError(this.procedure.name, decodeXdr(remoteError, body)));
      this.#succeed(decodeXdr(this.procedure.ret, body));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.fail(new ProtocolError(`${this.procedure.name}: the reply cannot be read: ${reason}`, { cause: error }));
    }
  }

  /** The connection that should have carried the call, or that carried it, is gone. */
  lose(reason: string, cause?: unknown): void {
    this.fail(new ConnectionLostError(this.procedure.name, reason, this.#outcome(), cause));
  }

  fail(error: Error): void {
    this.#end({ outcome: "error", error }, () => this.#settle.reject(error));
  }

  #succeed(value: unknown): void {
    this.#end({ outcome: "ok" }, () => this.#settle.resolve(value));
  }

  readonly #timeOut = (): void =>
    this.fail(new CallTimedOutError(this.procedure.name, this.#options.timeoutMs, this.#outcome()));

  readonly #abort = (): void =>
    this.fail(new CallAbortedError(this.procedure.name, this.#outcome(), this.#options.signal?.reason));

  #outcome(): CallOutcome {
    return this.#sent ? "unknown" : "not-sent";
  }

  // Later, so that an observer that throws cannot be mistaken for a fault of the connection.
  #report(report: CallReport): void {
    const { onCall } = this.#options;
    if (onCall !== undefined) queueMicrotask(() => onCall(report));
  }

  #end(how: Pick<CallReport, "outcome" | "error">, settle: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#abort);
    settle();
    this.#onEnd?.();
    this.#report({ procedure: this.procedure.name, elapsedMs: performance.now() - this.#startedAt, ...how });
  }
}

const encodeArgs = (procedure: Procedure, args: unknown): Buffer => {
  try {
    const body = encodeXdr(procedure.args, args);
    if (body.length > maxBodyBytes) throw new InvalidArgumentError(`a message of ${body.length} bytes is too long`);
    return body;
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(`${procedure.name} cannot be called: ${error.message}`);
  }
};
