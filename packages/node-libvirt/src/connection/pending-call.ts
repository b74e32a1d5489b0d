import { CallAbortedError, CallTimedOutError, ConnectionLostError, type CallOutcome } from "../errors/call-error.ts";
import { LibvirtError } from "../errors/libvirt-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { decodeXdr } from "../protocol/decode-xdr.ts";
import type { Frame } from "../protocol/frame.ts";
import type { Procedure } from "../protocol/procedure.ts";
import { remoteError } from "../protocol/remote-error.ts";
import type { CallReport } from "./caller.ts";

/** The longest delay that a timer takes; beyond it there is no deadline. */
const maxTimerMs = 0x7fff_ffff;

export interface PendingCallParts {
  readonly procedure: Procedure;
  /** The encoded arguments. */
  readonly body: Buffer;
  /** Decodes the body of an answer and hands it to the caller. */
  readonly accept: (body: Buffer) => void;
  /** Hands an error to the caller. */
  readonly reject: (error: Error) => void;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onCall: ((report: CallReport) => void) | undefined;
}

/** One call from its making to its end: by answer, deadline, abort or loss of the connection, whichever comes first. */
export class PendingCall {
  readonly #parts: PendingCallParts;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #serial: number | undefined;
  #ended = false;
  #onEnd: (() => void) | undefined;

  constructor(parts: PendingCallParts) {
    this.#parts = parts;
    const { timeoutMs, signal } = parts;
    if (timeoutMs <= maxTimerMs) this.#timer = setTimeout(this.#timeOut, timeoutMs);
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#abort, { once: true });
  }

  get procedure(): Procedure {
    return this.#parts.procedure;
  }

  get body(): Buffer {
    return this.#parts.body;
  }

  /** Calls back when the caller has an answer or an error; at once when that is past. There is one listener at most. */
  onEnd(listener: (() => void) | undefined): void {
    this.#onEnd = listener;
    if (this.#ended) listener?.();
  }

  /** From now on the outcome of a failure is unknown. */
  markSent(serial: number): void {
    this.#serial = serial;
  }

  /** By which the daemon names the call; 0, which is none, before it was sent. */
  get serial(): number {
    return this.#serial ?? 0;
  }

  /** Takes the daemon's reply. For a call that was given up it is dropped. */
  answer({ header, body }: Frame): void {
    if (this.#ended) return;
    const { name } = this.procedure;
    try {
      if (header.status === "error") return this.fail(new LibvirtError(name, decodeXdr(remoteError, body)));
      this.#parts.accept(body);
      this.#end({ outcome: "ok" });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.fail(new ProtocolError(`${name}: the reply cannot be read: ${error.message}`, { cause: error }));
    }
  }

  /** The connection that should have carried the call, or that carried it, is gone. */
  lose(reason: string, cause?: unknown): void {
    this.fail(new ConnectionLostError(this.procedure.name, reason, this.#outcome(), cause));
  }

  fail(error: Error): void {
    if (this.#ended) return;
    this.#parts.reject(error);
    this.#end({ outcome: "error", error });
  }

  readonly #timeOut = (): void =>
    this.fail(new CallTimedOutError(this.procedure.name, this.#parts.timeoutMs, this.#outcome()));

  readonly #abort = (): void =>
    this.fail(new CallAbortedError(this.procedure.name, this.#outcome(), this.#parts.signal?.reason));

  #outcome(): CallOutcome {
    return this.#serial === undefined ? "not-sent" : "unknown";
  }

  #end(how: Pick<CallReport, "outcome" | "error">): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#parts.signal?.removeEventListener("abort", this.#abort);
    this.#onEnd?.();
    const { onCall } = this.#parts;
    const report = { procedure: this.procedure.name, elapsedMs: performance.now() - this.#startedAt, ...how };
    // Later, so that an observer that throws cannot be mistaken for a fault of the connection.
    if (onCall !== undefined) queueMicrotask(() => onCall(report));
  }
}
