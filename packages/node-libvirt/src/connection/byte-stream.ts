import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { CallAbortedError, CallTimedOutError, ConnectionLostError } from "../errors/call-error.ts";
import { LibvirtError } from "../errors/libvirt-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { decodeXdr } from "../protocol/decode-xdr.ts";
import { encodeXdr } from "../protocol/encode-xdr.ts";
import { encodeFrame, type Frame, type MessageStatus, type MessageType } from "../protocol/frame.ts";
import type { StreamProcedure } from "../protocol/procedure.ts";
import { protocolVersion } from "../protocol/programs.ts";
import { remoteError } from "../protocol/remote-error.ts";
import { streamHole } from "../protocol/stream.ts";
import { Inbox } from "./inbox.ts";
import type { PendingCall } from "./pending-call.ts";
import type { StreamPart } from "./stream-part.ts";

/** How long a daemon may take to confirm that it has stopped. */
const breakOffMs = 5000;
const noBytes = Buffer.alloc(0);

export interface ByteStreamParts {
  readonly procedure: StreamProcedure;
  /** The call that opened the stream; its messages have the call's serial. */
  readonly call: PendingCall;
  readonly pipe: Duplex;
  /** Longest silence of the daemon, in milliseconds. */
  readonly stallMs: number;
  readonly signal: AbortSignal | undefined;
}

/** One stream on a connection that carries nothing else meanwhile: this side's end of it. */
export class ByteStream {
  readonly #parts: ByteStreamParts;
  readonly #inbox: Inbox;
  readonly #over = Promise.withResolvers<void>();
  #failure: Error | undefined;
  #allReceived = false;
  #blocked = false;
  #finishing = false;
  #confirmed = false;
  #wake: (() => void) | undefined;
  #onFailure: ((error: Error) => void) | undefined;

  constructor(parts: ByteStreamParts) {
    this.#parts = parts;
    this.#inbox = new Inbox(parts.pipe);
    parts.signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** For the connection. @throws {ProtocolError} for a message that has no place here. */
  receive(frame: Frame): void {
    const { serial, program, proc, status, type } = frame.header;
    const { procedure, call } = this.#parts;
    if (serial !== call.serial || program !== procedure.program || proc !== procedure.proc) {
      throw new ProtocolError(`a stream message has the serial ${serial}, which is not that of ${procedure.name}`);
    }
    if (status !== "continue") this.#over.resolve();
    if (this.#failure !== undefined) return;
    if (status === "error") return this.fail(new LibvirtError(procedure.name, decodeXdr(remoteError, frame.body)));
    if (status === "ok") this.#confirm(type);
    else this.#accept(frame);
    this.#wake?.();
  }

  /** The next part that the daemon sends; undefined after the last. */
  async next(): Promise<StreamPart | undefined> {
    await this.#until(() => !this.#inbox.isEmpty || this.#allReceived);
    return this.#inbox.take();
  }

  /** Sends a part of at most `maxStreamBytes`. Resolves when more may be sent. */
  async send(part: StreamPart): Promise<void> {
    await this.#until(() => !this.#blocked);
    const flowing =
      part.kind === "data"
        ? this.#write("stream", "continue", part.bytes)
        : this.#write("stream-hole", "continue", encodeXdr(streamHole, { length: BigInt(part.length), flags: 0 }));
    if (flowing) return;
    this.#blocked = true;
    this.#parts.pipe.once("drain", () => {
      this.#blocked = false;
      this.#wake?.();
    });
    await this.#until(() => !this.#blocked);
  }

  /** Waits for something else, but no longer than the stream lives. */
  async orFailure<T>(promise: Promise<T>): Promise<T> {
    // No race with a promise that lives as long as the stream: each would leave something behind in it.
    const { promise: first, resolve, reject } = Promise.withResolvers<T>();
    promise.then(resolve, reject);
    if (this.#failure !== undefined) reject(this.#failure);
    this.#onFailure = reject;
    try {
      return await first;
    } finally {
      this.#onFailure = undefined;
    }
  }

  /** Ends the stream in order and waits for the daemon's consent: only then are all bytes where they belong. */
  async finish(): Promise<void> {
    this.#throwFailure();
    this.#finishing = true;
    this.#write("stream", "ok", noBytes);
    await this.#until(() => this.#confirmed);
  }

  /** Tells the daemon to stop, and waits for some seconds until it has. */
  async breakOff(): Promise<void> {
    this.fail(new CallAbortedError(this.#parts.procedure.name, "unknown", undefined));
    this.#write("stream", "error", noBytes);
    await Promise.race([this.#over.promise, sleep(breakOffMs, undefined, { ref: false })]);
  }

  /** For the connection: it has ended. */
  lose(reason: string, cause: unknown): void {
    this.#over.resolve();
    this.#parts.signal?.removeEventListener("abort", this.#abort);
    this.fail(new ConnectionLostError(this.#parts.procedure.name, reason, "unknown", cause));
  }

  /** The first failure counts. What has arrived and was not taken is dropped. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#inbox.clear();
    this.#onFailure?.(error);
    this.#wake?.();
  }

  readonly #abort = (): void =>
    this.fail(new CallAbortedError(this.#parts.procedure.name, "unknown", this.#parts.signal?.reason));

  #confirm(type: MessageType): void {
    const { name } = this.#parts.procedure;
    if (type !== "stream" || !this.#finishing) throw new ProtocolError(`${name}: the end came before it was asked for`);
    this.#confirmed = true;
  }

  #accept({ header, body }: Frame): void {
    const { name, stream } = this.#parts.procedure;
    if (stream === "upload" || this.#allReceived)
      throw new ProtocolError(`${name}: bytes came that were not asked for`);
    if (header.type === "stream-hole") this.#inbox.put({ kind: "hole", length: holeLength(body) });
    else if (body.length > 0) this.#inbox.put({ kind: "data", bytes: body });
    else this.#allReceived = true;
  }

  #write(type: MessageType, status: MessageStatus, body: Uint8Array): boolean {
    const { procedure, call, pipe } = this.#parts;
    const { program, proc } = procedure;
    const header = { program, version: protocolVersion, proc, type, serial: call.serial, status };
    return pipe.write(encodeFrame(header, body));
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #until(isSo: () => boolean): Promise<void> {
    this.#throwFailure();
    while (!isSo()) {
      await this.#change();
      this.#throwFailure();
    }
  }

  async #change(): Promise<void> {
    const { procedure, stallMs } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const late = () => this.fail(new CallTimedOutError(procedure.name, stallMs, "unknown"));
    const timer = setTimeout(late, stallMs);
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
  }
}

const holeLength = (body: Buffer): number => {
  const { length } = decodeXdr(streamHole, body);
  if (length <= 0n || length > Number.MAX_SAFE_INTEGER) throw new ProtocolError(`a hole of ${length} bytes`);
  return Number(length);
};
