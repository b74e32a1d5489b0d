import type { Caller, CallOptions } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef, NetworkRef, PoolRef } from "../protocol/refs.ts";

/** How the daemon is asked for events about one kind of object, and told to stop. */
export interface EventRegistration {
  readonly register: (caller: Caller, eventId: number, options?: CallOptions) => Promise<{ callbackId: number }>;
  readonly deregister: (caller: Caller, callbackId: number, options?: CallOptions) => Promise<void>;
}

/** For one domain, or for all. */
export const ofDomain = (domain: DomainRef | undefined): EventRegistration => ({
  register: (caller, eventId, options) =>
    caller.call(procedures.connectDomainEventCallbackRegisterAny, { eventId, domain }, options),
  deregister: async (caller, callbackId, options) => {
    await caller.call(procedures.connectDomainEventCallbackDeregisterAny, { callbackId }, options);
  },
});

/** For one network, or for all. */
export const ofNetwork = (network: NetworkRef | undefined): EventRegistration => ({
  register: (caller, eventId, options) =>
    caller.call(procedures.connectNetworkEventRegisterAny, { eventId, network }, options),
  deregister: async (caller, callbackId, options) => {
    await caller.call(procedures.connectNetworkEventDeregisterAny, { callbackId }, options);
  },
});

/** For one storage pool, or for all. */
export const ofPool = (pool: PoolRef | undefined): EventRegistration => ({
  register: (caller, eventId, options) =>
    caller.call(procedures.connectStoragePoolEventRegisterAny, { eventId, pool }, options),
  deregister: async (caller, callbackId, options) => {
    await caller.call(procedures.connectStoragePoolEventDeregisterAny, { callbackId }, options);
  },
});
