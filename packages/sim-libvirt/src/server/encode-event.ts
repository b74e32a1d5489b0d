import { encodeXdr, eventMessages } from "@quiesce/node-libvirt/protocol";
import { lifecycleNumbers } from "../domain/domain-events.ts";
import type { DomainHostEvent, HostEvent } from "../host/host-events.ts";
import { objectLifecycles } from "../host/object-lifecycle.ts";

/** The message that tells of an event. */
export const eventMessageOf = {
  lifecycle: eventMessages.lifecycle,
  agent: eventMessages.agentLifecycle,
  "io-error": eventMessages.ioError,
  "block-job": eventMessages.blockJob,
  "job-completed": eventMessages.jobCompleted,
  network: eventMessages.networkLifecycle,
  pool: eventMessages.poolLifecycle,
} as const;

/** `VIR_DOMAIN_EVENT_IO_ERROR_PAUSE` */
const pausedByIoError = 1;
const agentStates = { connected: 1, disconnected: 2 };

/** An event's message for one registration. */
export const encodeEvent = (event: HostEvent, callbackId: number): Buffer => {
  if (event.kind === "network") {
    const { network, what } = event;
    const message = { callbackId, network, event: objectLifecycles.network[what], detail: 0 };
    return encodeXdr(eventMessages.networkLifecycle.message, message);
  }
  if (event.kind === "pool") {
    const { pool, what } = event;
    const message = { callbackId, pool, event: objectLifecycles.pool[what], detail: 0 };
    return encodeXdr(eventMessages.poolLifecycle.message, message);
  }
  return encodeDomainEvent(event, callbackId);
};

const encodeDomainEvent = (event: DomainHostEvent, callbackId: number): Buffer => {
  const { name, uuid } = event.domain;
  const subject = { callbackId, domain: { name, uuid, id: event.id } };
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
