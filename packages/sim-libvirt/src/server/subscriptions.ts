import {
  eventMessages,
  encodeFrame,
  protocolVersion,
  type EventMessage,
  type EventSubject,
} from "@quiesce/node-libvirt/protocol";
import { failure } from "../failure/failure.ts";
import type { HostEvent } from "../host/host-events.ts";
import { encodeEvent, eventMessageOf } from "./encode-event.ts";

interface Subscription {
  readonly subject: EventSubject;
  readonly eventId: number;
  /** Without one, all domains, networks or pools. */
  readonly uuid: string | undefined;
}

/** As the daemon calls them when it does not know an event's number. */
const words = { domain: "event", network: "network event", pool: "storage pool event" } as const;

/** What one connection wants to be told of. */
export class Subscriptions {
  readonly #send: (frame: Buffer) => void;
  readonly #byId = new Map<number, Subscription>();
  #nextId = 0;

  constructor(send: (frame: Buffer) => void) {
    this.#send = send;
  }

  add(subject: EventSubject, eventId: number, uuid: string | undefined): number {
    const known = Object.values<EventMessage>(eventMessages).some(
      (message) => message.of === subject && message.eventId === eventId,
    );
    if (!known) throw failure("internal-error", "rpc", `unsupported ${words[subject]} ID ${eventId}`);
    this.#byId.set(this.#nextId, { subject, eventId, uuid });
    return this.#nextId++;
  }

  remove(subject: EventSubject, callbackId: number): boolean {
    return this.#byId.get(callbackId)?.subject === subject && this.#byId.delete(callbackId);
  }

  clear(): void {
    this.#byId.clear();
  }

  readonly tell = (event: HostEvent): void => {
    const message = eventMessageOf[event.kind];
    const uuid = uuidOf(event);
    for (const [callbackId, wanted] of this.#byId) {
      if (wanted.subject !== message.of || wanted.eventId !== message.eventId) continue;
      if ((wanted.uuid ?? uuid) === uuid) this.#write(message, encodeEvent(event, callbackId));
    }
  };

  #write({ program, proc }: EventMessage, body: Buffer): void {
    const header = { program, version: protocolVersion, proc, type: "event", serial: 0, status: "ok" } as const;
    this.#send(encodeFrame(header, body));
  }
}

const uuidOf = (event: HostEvent): string => {
  if (event.kind === "network") return event.network.uuid;
  return event.kind === "pool" ? event.pool.uuid : event.domain.uuid;
};
