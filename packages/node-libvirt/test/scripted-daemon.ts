import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  decodeXdr,
  encodeFrame,
  encodeXdr,
  findProcedure,
  FrameSplitter,
  keepaliveProcs,
  procedures,
  programs,
  protocolVersion,
  remoteError,
  type EventMessage,
  type Frame,
  type FrameHeader,
  type MessageStatus,
  type Procedure,
  type XdrType,
  type XdrValue,
} from "../src/protocol/index.ts";

/** One call that arrived, to be answered now, later or never. */
export class ArrivedCall {
  readonly procedure: Procedure;
  readonly args: unknown;
  readonly client: Socket;
  readonly header: FrameHeader;

  constructor(client: Socket, { header, body }: Frame) {
    const procedure = findProcedure(header.program, header.proc);
    if (procedure === undefined) throw new Error(`the client called the unknown procedure ${header.proc}`);
    this.client = client;
    this.header = header;
    this.procedure = procedure;
    this.args = decodeXdr(procedure.args, body);
  }

  reply<R extends XdrType>(procedure: Procedure<XdrType, R>, value: XdrValue<R>): void {
    this.raw({}, encodeXdr(procedure.ret, value));
  }

  error(code: number, message: string): void {
    this.raw({ status: "error" }, errorBody(code, message));
  }

  /** A message of the stream that this call has opened. */
  stream(status: MessageStatus, body: Uint8Array = new Uint8Array(0)): void {
    this.raw({ type: "stream", status }, body);
  }

  raw(header: Partial<FrameHeader>, body: Uint8Array): void {
    this.client.write(encodeFrame({ ...this.header, type: "reply", status: "ok", ...header }, body));
  }
}

/** What stands in a message with the status `error`. */
export const errorBody = (code: number, message: string): Buffer => {
  const none = { dom: undefined, str1: undefined, str2: undefined, str3: undefined, int1: 0, int2: 0, net: undefined };
  return encodeXdr(remoteError, { code, domain: 10, message, level: 2, ...none });
};

/** Answers the calls that open and close a session. `auth`: 0 none, 1 SASL, 2 polkit. */
export const openSession = (call: ArrivedCall, { auth = [0], keepalive = false } = {}): boolean => {
  switch (call.procedure) {
    case procedures.authList:
      call.reply(procedures.authList, { types: auth });
      return true;
    case procedures.connectOpen:
      call.reply(procedures.connectOpen, undefined);
      return true;
    case procedures.connectSupportsFeature:
      call.reply(procedures.connectSupportsFeature, { supported: keepalive });
      return true;
    case procedures.connectClose:
      call.reply(procedures.connectClose, undefined);
      return true;
    default:
      return false;
  }
};

/** A daemon for the test that runs; it ends with the test. */
export const startDaemon = async (handle?: (call: ArrivedCall) => void): Promise<ScriptedDaemon> => {
  const daemon = await ScriptedDaemon.start(handle);
  onTestFinished(() => daemon.stop());
  return daemon;
};

/** A daemon on a real unix socket that does what a test says, well or badly. */
export class ScriptedDaemon {
  readonly clients: Socket[] = [];
  readonly calls: ArrivedCall[] = [];
  /** Messages of streams that arrived. */
  readonly streamed: Frame[] = [];
  /** Numbers of the keepalive messages that arrived. */
  readonly keepalives: number[] = [];
  /** Whether a PING gets its PONG. */
  answersPings = false;
  onStreamed: ((frame: Frame, client: Socket) => void) | undefined;
  readonly path: string;
  readonly #server: Server;
  readonly #folder: string;
  readonly #handle: (call: ArrivedCall) => void;

  private constructor(folder: string, handle: (call: ArrivedCall) => void) {
    this.#folder = folder;
    this.#handle = handle;
    this.path = join(folder, "sock");
    this.#server = createServer((client) => this.#serve(client));
  }

  /** `handle` gets each call; by default it opens sessions and leaves all else unanswered. */
  static async start(handle: (call: ArrivedCall) => void = openSession): Promise<ScriptedDaemon> {
    const daemon = new ScriptedDaemon(await mkdtemp(join(tmpdir(), "scripted-")), handle);
    await new Promise<void>((resolve) => daemon.#server.listen(daemon.path, resolve));
    return daemon;
  }

  get uri(): string {
    return `test+unix:///default?socket=${encodeURIComponent(this.path)}`;
  }

  /** Calls of one procedure, in order of arrival. */
  of(procedure: Procedure): readonly ArrivedCall[] {
    return this.calls.filter((call) => call.procedure === procedure);
  }

  /** The first call of a procedure, which must be there. */
  first(procedure: Procedure): ArrivedCall {
    const [call] = this.of(procedure);
    if (call === undefined) throw new Error(`${procedure.name} was not called`);
    return call;
  }

  ping(client: Socket): void {
    this.#keepalive(client, keepaliveProcs.ping);
  }

  event<M extends XdrType>(client: Socket, { program, proc, message }: EventMessage<M>, value: XdrValue<M>): void {
    const header = { program, version: protocolVersion, proc, type: "event", serial: 0, status: "ok" } as const;
    client.write(encodeFrame(header, encodeXdr(message, value)));
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #serve(client: Socket): void {
    this.clients.push(client);
    const splitter = new FrameSplitter();
    client.on("error", () => {});
    client.on("data", (chunk: Buffer) => {
      for (const frame of splitter.push(chunk)) this.#arrive(client, frame);
    });
  }

  #arrive(client: Socket, frame: Frame): void {
    if (frame.header.program === programs.keepalive) {
      this.keepalives.push(frame.header.proc);
      if (this.answersPings) this.#keepalive(client, keepaliveProcs.pong);
      return;
    }
    if (frame.header.type !== "call") {
      this.streamed.push(frame);
      this.onStreamed?.(frame, client);
      return;
    }
    const call = new ArrivedCall(client, frame);
    this.calls.push(call);
    this.#handle(call);
  }

  #keepalive(client: Socket, proc: number): void {
    const header = { program: programs.keepalive, version: protocolVersion, proc, serial: 0 };
    client.write(encodeFrame({ ...header, type: "event", status: "ok" }, Buffer.alloc(0)));
  }
}
