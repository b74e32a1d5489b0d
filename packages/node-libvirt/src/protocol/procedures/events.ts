import { writes } from "../procedure.ts";
import { domainRef, networkRef, poolRef } from "../refs.ts";
import { int, nothing, optional, struct } from "../xdr-type.ts";

/** Asking for events. Without a domain, a network or a pool the registration is for all of them. */
export const eventProcedures = {
  connectDomainEventCallbackRegisterAny: writes(
    316,
    "CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY",
    struct({ eventId: int, domain: optional(domainRef) }),
    struct({ callbackId: int }),
  ),
  connectDomainEventCallbackDeregisterAny: writes(
    317,
    "CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY",
    struct({ callbackId: int }),
    nothing,
  ),
  connectNetworkEventRegisterAny: writes(
    313,
    "CONNECT_NETWORK_EVENT_REGISTER_ANY",
    struct({ eventId: int, network: optional(networkRef) }),
    struct({ callbackId: int }),
  ),
  connectNetworkEventDeregisterAny: writes(
    314,
    "CONNECT_NETWORK_EVENT_DEREGISTER_ANY",
    struct({ callbackId: int }),
    nothing,
  ),
  connectStoragePoolEventRegisterAny: writes(
    368,
    "CONNECT_STORAGE_POOL_EVENT_REGISTER_ANY",
    struct({ eventId: int, pool: optional(poolRef) }),
    struct({ callbackId: int }),
  ),
  connectStoragePoolEventDeregisterAny: writes(
    369,
    "CONNECT_STORAGE_POOL_EVENT_DEREGISTER_ANY",
    struct({ callbackId: int }),
    nothing,
  ),
} as const;
