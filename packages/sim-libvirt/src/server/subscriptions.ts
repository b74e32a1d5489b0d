import {
  eventMessages,
  encodeFrame,
  encodeXdr,
  protocolVersion,
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
    const { name, uuid } = event.domain;
    for (const [callbackId, { eventId, domainUuid }] of this.#byId) {
      if (domainUuid !== undefined && domainUuid !== uuid) continue;
      const common = { callbackId, domain: { name, uuid, id: event.id } };
      if (event.kind === "lifecycle" && eventId === eventMessages.lifecycle.eventId) {
        const message = { ...common, ...lifecycleNumbers(event.what) };
        this.#write(eventMessages.lifecycle, encodeXdr(eventMessages.lifecycle.message, message));
      }
      if (event.kind === "agent" && eventId === eventMessages.agentLifecycle.eventId) {
        const message = { ...common, state: event.connected ? 1 : 2, reason: event.reason };
        this.#write(eventMessages.agentLifecycle, encodeXdr(eventMessages.agentLifecycle.message, message));
      }
    }
  };

  #write({ program, proc }: EventMessage, body: Buffer): void {
    const header = { program, version: protocolVersion, proc, type: "event", serial: 0, status: "ok" } as const;
    this.#send(encodeFrame(header, body));
  }
}
