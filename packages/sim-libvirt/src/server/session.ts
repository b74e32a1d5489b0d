import type { Socket } from "node:net";
import {
  decodeXdr,
  encodeFrame,
  findProcedure,
  FrameSplitter,
  keepaliveProcs,
  procedures,
  programs,
  protocolVersion,
  type Frame,
  type Procedure,
  type ProcedureName,
} from "@quiesce/node-libvirt/protocol";
import { failure, type Failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import type { CallRecord } from "../truth/call-log.ts";
import { detailOf, objectOf } from "../truth/call-object.ts";
import { isMutating } from "../truth/is-mutating.ts";
import { performCall, type Outcome } from "./perform-call.ts";
import { asFailure, errorReply, okReply } from "./reply.ts";
import type { ServerControl } from "./server-control.ts";
import { Door } from "./door.ts";
import { Subscriptions } from "./subscriptions.ts";

/** What a daemon has behind its socket. */
export interface Drivers {
  readonly qemu: Host;
  /** Made when it is asked for first. */
  readonly test: () => Host;
}

const nameOf = new Map<Procedure, ProcedureName>(
  Object.entries(procedures).map(([name, procedure]) => [procedure, name as ProcedureName]),
);

/** One client's connection. Calls overlap up to the daemon's limit; beyond it nothing more is read, not even a PING. */
export class Session {
  readonly #drivers: Drivers;
  readonly #socket: Socket;
  readonly #number: number;
  readonly #control: ServerControl;
  readonly #splitter = new FrameSplitter();
  readonly #waiting: Frame[] = [];
  readonly #subscriptions: Subscriptions;
  readonly #door: Door;
  /** The host behind the driver that the client has opened. */
  #host: Host;
  #stopListening: () => void = () => {};
  #unfinished = 0;

  constructor(drivers: Drivers, socket: Socket, number: number, control: ServerControl) {
    this.#drivers = drivers;
    this.#host = drivers.qemu;
    this.#door = new Door(() => drivers.qemu.settings.authentication);
    this.#socket = socket;
    this.#number = number;
    this.#control = control;
    this.#subscriptions = new Subscriptions((frame) => this.#write(frame));
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#stopListening();
      this.#subscriptions.clear();
    });
  }

  drop(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    try {
      this.#waiting.push(...this.#splitter.push(chunk));
    } catch {
      // Bytes that are no message: the daemon hangs up.
      return this.drop();
    }
    this.#pump();
  }

  #pump(): void {
    while (this.#unfinished < this.#drivers.qemu.settings.maxClientRequests) {
      const frame = this.#waiting.shift();
      if (frame === undefined) break;
      this.#take(frame);
    }
    if (this.#unfinished < this.#drivers.qemu.settings.maxClientRequests) this.#socket.resume();
    else this.#socket.pause();
  }

  #take(frame: Frame): void {
    const { header } = frame;
    if (header.program === programs.keepalive) {
      if (header.proc === keepaliveProcs.ping)
        this.#write(encodeFrame({ ...header, proc: keepaliveProcs.pong }, Buffer.alloc(0)));
      return;
    }
    if (header.type !== "call") return;
    this.#unfinished++;
    void this.#answer(frame).finally(() => {
      this.#unfinished--;
      this.#pump();
    });
  }

  async #answer({ header, body }: Frame): Promise<void> {
    const found = findCall(header.program, header.version, header.proc);
    if (found instanceof Error) return this.#write(errorReply(header, found));
    const { name, procedure } = found;
    let args: unknown;
    try {
      args = decodeXdr(procedure.args, body);
    } catch {
      return this.#write(errorReply(header, failure("rpc", "rpc", "Unable to decode message payload")));
    }
    const record = this.#begin(name, procedure, args);
    const outcome = await this.#perform(name, args, record);
    end(record, outcome, this.#host.clock.now());
    switch (outcome.kind) {
      case "result":
        return this.#finish(name, okReplyOrFailure(header, procedure, outcome.result));
      case "failure":
        return this.#write(errorReply(header, outcome.failure));
      case "silent":
        // The call never ends, so it keeps its place among the unfinished ones.
        return new Promise(() => {});
      case "drop-connection":
        return this.drop();
    }
  }

  async #perform(name: ProcedureName, args: unknown, record: CallRecord): Promise<Outcome> {
    const refusal = this.#door.refusalOf(name, args);
    if (refusal !== undefined) return { kind: "failure", failure: refusal };
    const call = {
      host: this.#host,
      procedure: name,
      session: {
        open: (uri: string | undefined, flags: number) => this.#open(uri, flags),
        subscribe: (eventId: number, uuid: string | undefined) => this.#subscriptions.add(eventId, uuid),
        unsubscribe: (callbackId: number) => this.#subscriptions.remove(callbackId),
      },
    };
    return performCall(call, args, record, this.#control);
  }

  #open(name: string | undefined, flags: number): void {
    const driver = this.#door.open({ name, flags });
    this.#host = driver === "qemu" ? this.#drivers.qemu : this.#drivers.test();
    this.#stopListening();
    this.#stopListening = this.#host.events.listen(this.#subscriptions.tell);
  }

  #begin(procedure: ProcedureName, described: Procedure, args: unknown): CallRecord {
    const detail = detailOf(args);
    return this.#host.calls.begin({
      at: this.#host.clock.now(),
      connection: this.#number,
      procedure,
      mutating: isMutating(procedure, described, detail),
      object: objectOf(procedure, args),
      detail,
    });
  }

  #finish(name: ProcedureName, reply: Buffer): void {
    this.#write(reply);
    if (name === "connectClose") this.#socket.end();
  }

  #write(frame: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(frame);
  }
}

const findCall = (
  program: number,
  version: number,
  proc: number,
): { readonly name: ProcedureName; readonly procedure: Procedure } | Failure => {
  const known = program === programs.remote || program === programs.qemu;
  if (!known || version !== protocolVersion) {
    return failure("rpc", "rpc", `Cannot find program ${program} version ${version}`);
  }
  const procedure = findProcedure(program, proc);
  const name = procedure === undefined ? undefined : nameOf.get(procedure);
  if (procedure === undefined || name === undefined) return failure("rpc", "rpc", `unknown procedure: ${proc}`);
  return { name, procedure };
};

const okReplyOrFailure = (header: Frame["header"], procedure: Procedure, result: unknown): Buffer => {
  try {
    return okReply(header, procedure, result);
  } catch (error) {
    return errorReply(header, asFailure(error));
  }
};

const end = (record: CallRecord, outcome: Outcome, at: number): void => {
  record.endedAt = at;
  record.outcome = outcome.kind === "result" ? "ok" : outcome.kind === "failure" ? "failed" : "silent";
  if (outcome.kind === "failure") record.code = outcome.failure.code;
};
