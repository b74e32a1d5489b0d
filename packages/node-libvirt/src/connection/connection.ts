import type { Duplex } from "node:stream";
import { EventsLostError } from "../errors/events-lost-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { FrameSplitter } from "../protocol/frame-splitter.ts";
import { encodeFrame, type Frame, type MessageType } from "../protocol/frame.ts";
import type { Procedure, StreamProcedure } from "../protocol/procedure.ts";
import { keepaliveProcs, programs, protocolVersion } from "../protocol/programs.ts";
import type { XdrType, XdrValue } from "../protocol/xdr-type.ts";
import { ByteStream } from "./byte-stream.ts";
import { CallTable } from "./call-table.ts";
import type { Caller, CallOptions } from "./caller.ts";
import { EventRouter } from "./event-router.ts";
import { Keepalive, type KeepaliveOptions } from "./keepalive.ts";
import { makeCall, type CallDefaults } from "./make-call.ts";
import type { PendingCall } from "./pending-call.ts";

export interface ConnectionOptions extends CallDefaults {
  /** Calls that may be unfinished at the daemon. */
  readonly maxUnfinished: number;
  /** Called whenever a call could be sent again, and once when the connection has ended. */
  readonly onChange?: (() => void) | undefined;
}

/**
 * One byte pipe to a daemon. Replies are matched to calls by serial, so calls overlap; the first fault of the protocol ends
 * the connection, because what follows cannot be trusted.
 */
export class Connection implements Caller {
  readonly events = new EventRouter();
  readonly #pipe: Duplex;
  readonly #options: ConnectionOptions;
  readonly #splitter = new FrameSplitter();
  readonly #calls: CallTable;
  readonly #closed = Promise.withResolvers<void>();
  #keepalive: Keepalive | undefined;
  #stream: ByteStream | undefined;
  #lost: { readonly reason: string; readonly cause: unknown } | undefined;

  constructor(pipe: Duplex, options: ConnectionOptions) {
    this.#pipe = pipe;
    this.#options = options;
    this.#calls = new CallTable(options.maxUnfinished, this.#send);
    pipe.on("data", this.#receive);
    pipe.on("end", () => this.#lose("closed by the daemon"));
    pipe.on("error", (error) => this.#lose(error.message, error));
    pipe.on("close", () => {
      this.#lose("closed");
      this.#closed.resolve();
    });
  }

  /** Calls that could be sent at once; 0 for a lost connection. */
  get free(): number {
    return this.#lost === undefined ? this.#calls.free : 0;
  }

  /** Calls that the daemon has not answered yet, given up or not. */
  get unfinished(): number {
    return this.#calls.unfinished;
  }

  get lost(): boolean {
    return this.#lost !== undefined;
  }

  async call<A extends XdrType, R extends XdrType>(
    procedure: Procedure<A, R>,
    args: XdrValue<A>,
    options: CallOptions = {},
  ): Promise<XdrValue<R>> {
    const { call, result } = makeCall(procedure, args, options, this.#options);
    this.submit(call);
    return await result;
  }

  /**
   * Opens a stream. It is the connection's only one, and its last: a connection is not used for anything else afterwards.
   * @throws {ClientError}
   */
  async openStream<A extends XdrType>(
    procedure: StreamProcedure<A>,
    args: XdrValue<A>,
    { stallMs, signal }: { readonly stallMs: number; readonly signal: AbortSignal | undefined },
  ): Promise<ByteStream> {
    const { call, result } = makeCall(procedure, args, { timeoutMs: stallMs, signal }, this.#options);
    // Before the call is sent, because the first bytes may come together with its reply.
    const stream = new ByteStream({ procedure, call, pipe: this.#pipe, stallMs, signal });
    this.#stream = stream;
    this.submit(call);
    await result;
    return stream;
  }

  /** Takes over a call that was made elsewhere. */
  submit(call: PendingCall): void {
    if (this.#lost === undefined) this.#calls.add(call);
    else call.lose(this.#lost.reason, this.#lost.cause);
  }

  /** Sends PINGs from now on. Only for a daemon that says that it knows them. */
  startKeepalive(options: KeepaliveOptions): void {
    if (this.#lost !== undefined || this.#keepalive !== undefined) return;
    const ping = () => this.#sendKeepalive(keepaliveProcs.ping);
    this.#keepalive = new Keepalive(options, ping, (reason) => this.#lose(reason));
  }

  /**
   * Ends the connection and waits until the pipe is closed. Calls under way fail with `ConnectionLostError`; subscriptions end
   * without an error, for nobody wants their events any more.
   */
  async close(): Promise<void> {
    this.events.end();
    this.#lose("closed by this client");
    await this.#closed.promise;
  }

  readonly #send = (call: PendingCall, serial: number): void => {
    const { program, proc } = call.procedure;
    const header = { program, version: protocolVersion, proc, type: "call", serial, status: "ok" } as const;
    this.#pipe.write(encodeFrame(header, call.body));
  };

  readonly #receive = (chunk: Buffer): void => {
    this.#keepalive?.heard();
    try {
      for (const frame of this.#splitter.push(chunk)) {
        if (this.#lost !== undefined) return;
        this.#handle(frame);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#lose(`the daemon broke the protocol: ${reason}`, error);
    }
  };

  #handle(frame: Frame): void {
    const { program, version, type, proc } = frame.header;
    if (version !== protocolVersion) throw new ProtocolError(`a message has the unknown protocol version ${version}`);
    if (program === programs.keepalive) return this.#handleKeepalive(proc);
    switch (type) {
      case "reply":
        if (frame.header.status === "continue") throw new ProtocolError("a reply has the status of a stream");
        this.#calls.answer(frame);
        return this.#options.onChange?.();
      case "event":
        return this.events.route(frame);
      case "stream":
      case "stream-hole":
        if (this.#stream !== undefined) return this.#stream.receive(frame);
        throw notAskedFor(type);
      case "call":
      case "call-with-fds":
      case "reply-with-fds":
        throw notAskedFor(type);
    }
  }

  #handleKeepalive(proc: number): void {
    if (proc === keepaliveProcs.ping) return this.#sendKeepalive(keepaliveProcs.pong);
    if (proc !== keepaliveProcs.pong) throw new ProtocolError(`a keepalive message has the unknown number ${proc}`);
  }

  #sendKeepalive(proc: number): void {
    const header = { program: programs.keepalive, version: protocolVersion, proc, serial: 0 };
    this.#pipe.write(encodeFrame({ ...header, type: "event", status: "ok" }, Buffer.alloc(0)));
  }

  #lose(reason: string, cause?: unknown): void {
    if (this.#lost !== undefined) return;
    this.#lost = { reason, cause };
    this.#keepalive?.stop();
    this.#pipe.destroy();
    this.#calls.lose(reason, cause);
    this.#stream?.lose(reason, cause);
    this.events.end(new EventsLostError(reason, { cause }));
    this.#options.onChange?.();
  }
}

const notAskedFor = (type: MessageType): ProtocolError =>
  new ProtocolError(`a message of the type "${type}" was not asked for`);
