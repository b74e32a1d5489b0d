import {
  eventMessages,
  encodeFrame,
  encodeXdr,
  protocolVersion,
  type DomainRef,
  type EventMessage,
} from "@quiesce/node-libvirt/protocol";
import { lifecycleNumbers } from "../domain/domain-events.ts";
import { failure } from "../failure/failure.ts";
import type { HostEvent } from "../host/host-events.ts";

interface Subscription {
  readonly eventId: number;
  /** Without one, all domains. */
  readonly domainUuid: string | undefined;
}

const knownEvents = new Set<number>(Object.values<EventMessage>(eventMessages).map(({ eventId }) => eventId));

/** What one connection wants to be told of. */
export class Subscriptions {
  readonly #send: (frame: Buffer) => void;
  readonly #byId = new Map<number, Subscription>();
  #nextId = 0;

  constructor(send: (frame: Buffer) => void) {
    this.#send = send;
  }

  add(eventId: number, domainUuid: string | undefined): number {
    if (!knownEvents.has(eventId)) throw failure("internal-error", "rpc", `unsupported event ID ${eventId}`);
    this.#byId.set(this.#nextId, { eventId, domainUuid });
    return this.#nextId++;
  }

  remove(callbackId: number): boolean {
    return this.#byId.delete(callbackId);
  }

  clear(): void {
    this.#byId.clear();
  }

  readonly tell = (event: HostEvent): void => {
    const { kind, domain, id } = event;
    const { eventId } = messageOf[kind];
    for (const [callbackId, wanted] of this.#byId) {
      if (wanted.eventId !== eventId || (wanted.domainUuid ?? domain.uuid) !== domain.uuid) continue;
      const subject = { callbackId, domain: { name: domain.name, uuid: domain.uuid, id } };
      this.#write(messageOf[kind], encodeEvent(event, subject));
    }
  };

  #write({ program, proc }: EventMessage, body: Buffer): void {
    const header = { program, version: protocolVersion, proc, type: "event", serial: 0, status: "ok" } as const;
    this.#send(encodeFrame(header, body));
  }
}

const messageOf = {
  lifecycle: eventMessages.lifecycle,
  agent: eventMessages.agentLifecycle,
  "io-error": eventMessages.ioError,
  "block-job": eventMessages.blockJob,
  "job-completed": eventMessages.jobCompleted,
} as const;

/** `VIR_DOMAIN_EVENT_IO_ERROR_PAUSE` */
const pausedByIoError = 1;
const agentStates = { connected: 1, disconnected: 2 };

const encodeEvent = (
  event: HostEvent,
  subject: { readonly callbackId: number; readonly domain: DomainRef },
): Buffer => {
  switch (event.kind) {
    case "lifecycle":
      return encodeXdr(eventMessages.lifecycle.message, { ...subject, ...lifecycleNumbers(event.what) });
    case "agent": {
      const state = event.connected ? agentStates.connected : agentStates.disconnected;
      return encodeXdr(eventMessages.agentLifecycle.message, { ...subject, state, reason: event.reason });
    }
    case "io-error": {
      // QEMU says of a write that a backup refuses neither the file nor the device.
      const message = { ...subject, path: "", device: "", action: pausedByIoError, reason: event.reason };
      return encodeXdr(eventMessages.ioError.message, message);
    }
    case "block-job": {
      const { target, type, status } = event;
      return encodeXdr(eventMessages.blockJob.message, { ...subject, disk: target, type, status });
    }
    case "job-completed":
      return encodeXdr(eventMessages.jobCompleted.message, { ...subject, params: event.params });
  }
};
