import { failure } from "../failure/failure.ts";
import type { Handlers } from "./call.ts";

/** Asking for events. As in the real daemon, what they are asked about need not be there (seen with 9.0). */
export const eventCalls: Handlers = {
  connectDomainEventCallbackRegisterAny: ({ eventId, domain }, { session }) => ({
    callbackId: session.subscribe("domain", eventId, domain?.uuid),
  }),
  connectDomainEventCallbackDeregisterAny: ({ callbackId }, { session }) => {
    if (!session.unsubscribe("domain", callbackId)) throw unknown("domain", callbackId);
  },
  connectNetworkEventRegisterAny: ({ eventId, network }, { session }) => ({
    callbackId: session.subscribe("network", eventId, network?.uuid),
  }),
  connectNetworkEventDeregisterAny: ({ callbackId }, { session }) => {
    if (!session.unsubscribe("network", callbackId)) throw unknown("network", callbackId);
  },
  connectStoragePoolEventRegisterAny: ({ eventId, pool }, { session }) => ({
    callbackId: session.subscribe("pool", eventId, pool?.uuid),
  }),
  connectStoragePoolEventDeregisterAny: ({ callbackId }, { session }) => {
    if (!session.unsubscribe("pool", callbackId)) throw unknown("storage pool", callbackId);
  },
};

const unknown = (words: string, callbackId: number) =>
  failure("internal-error", "rpc", `${words} event callback ${callbackId} not registered`);
