import type { Socket } from "node:net";
import {
  encodeFrame,
  FrameSplitter,
  keepaliveProcs,
  programs,
  type EventSubject,
  type Frame,
} from "@quiesce/node-libvirt/protocol";
import { sleep } from "../host/clock.ts";
import type { Host } from "../host/host.ts";
import type { CallRecord } from "../truth/call-log.ts";
import { detailOf, objectOf } from "../truth/call-object.ts";
import { isMutating } from "../truth/is-mutating.ts";
import { Door } from "./door.ts";
import { findCall, type IncomingCall } from "./find-call.ts";
import { performCall, type Outcome } from "./perform-call.ts";
import { asFailure, errorReply, okReply } from "./reply.ts";
import type { ServerControl } from "./server-control.ts";
import { Streams } from "./streams.ts";
import { Subscriptions } from "./subscriptions.ts";
import { writeWhenReady } from "./write-when-ready.ts";

/** What a daemon has behind its socket. */
export interface Drivers {
  readonly qemu: Host;
  /** Made when it is asked for first. */
  readonly test: () => Host;
}

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
  readonly #streams: Streams;
  /** The host behind the driver that the client has opened. */
  #host: Host;
  #stopListening: () => void = () => {};
  #unfinished = 0;
  readonly #atEnd = new Set<() => void>();

  constructor(drivers: Drivers, socket: Socket, number: number, control: ServerControl) {
    this.#drivers = drivers;
    this.#host = drivers.qemu;
    this.#door = new Door(() => drivers.qemu.settings.authentication);
    this.#socket = socket;
    this.#number = number;
    this.#control = control;
    this.#subscriptions = new Subscriptions((frame) => this.#write(frame));
    this.#streams = new Streams({
      send: (frame) => writeWhenReady(socket, frame),
      sleep: (ms) => sleep(this.#host.clock, ms),
      drop: () => this.drop(),
    });
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#stopListening();
      this.#subscriptions.clear();
      this.#streams.clear();
      for (const callback of this.#atEnd) callback();
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
    if (header.type === "stream" || header.type === "stream-hole") return this.#streams.take(frame);
    if (header.type !== "call") return;
    this.#unfinished++;
    void this.#answer(frame).finally(() => {
      this.#unfinished--;
      this.#pump();
    });
  }

  async #answer(frame: Frame): Promise<void> {
    const { header } = frame;
    let call: IncomingCall;
    try {
      call = findCall(frame);
    } catch (error) {
      return this.#write(errorReply(header, asFailure(error)));
    }
    const record = this.#begin(call);
    const outcome = await this.#perform(call, record);
    end(record, outcome, this.#host.clock.now());
    switch (outcome.kind) {
      case "result":
        this.#write(okReply(header, call.ret, outcome.result));
        if (outcome.stream !== undefined) this.#streams.open(header, outcome.stream.stream, outcome.stream.faults);
        if (call.name === "connectClose") this.#socket.end();
        return;
      case "failure":
        return this.#write(errorReply(header, outcome.failure));
      case "silent":
        // The call never ends, so it keeps its place among the unfinished ones.
        return new Promise(() => {});
      case "drop-connection":
        return this.drop();
    }
  }

  async #perform({ name, args }: IncomingCall, record: CallRecord): Promise<Outcome> {
    const refusal = this.#door.refusalOf(name, args);
    if (refusal !== undefined) return { kind: "failure", failure: refusal };
    const session = {
      open: (uri: string | undefined, flags: number) => this.#open(uri, flags),
      subscribe: (subject: EventSubject, eventId: number, uuid: string | undefined) =>
        this.#subscriptions.add(subject, eventId, uuid),
      onEnd: (callback: () => void) => this.#onEnd(callback),
      unsubscribe: (subject: EventSubject, callbackId: number) => this.#subscriptions.remove(subject, callbackId),
    };
    return performCall({ host: this.#host, procedure: name, session }, args, record, this.#control);
  }

  /** A call may end after its client: then what hangs on the connection ends with the call. */
  #onEnd(callback: () => void): void {
    if (this.#socket.closed) callback();
    else this.#atEnd.add(callback);
  }

  #open(name: string | undefined, flags: number): void {
    const driver = this.#door.open({ name, flags });
    this.#host = driver === "qemu" ? this.#drivers.qemu : this.#drivers.test();
    this.#stopListening();
    this.#stopListening = this.#host.events.listen(this.#subscriptions.tell);
  }

  #begin({ name, args }: IncomingCall): CallRecord {
    const detail = detailOf(args);
    return this.#host.calls.begin({
      at: this.#host.clock.now(),
      connection: this.#number,
      procedure: name,
      mutating: isMutating(name, detail),
      object: objectOf(this.#host, name, args),
      detail,
    });
  }

  #write(frame: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(frame);
  }
}

const end = (record: CallRecord, outcome: Outcome, at: number): void => {
  record.endedAt = at;
  record.outcome = outcome.kind === "result" ? "ok" : outcome.kind === "failure" ? "failed" : "silent";
  if (outcome.kind === "failure") record.code = outcome.failure.code;
};
