import { writes } from "../procedure.ts";
import { domainRef } from "../refs.ts";
import { int, nothing, optional, struct } from "../xdr-type.ts";

/** Asking for events. Without a domain the registration is for all of them. */
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
} as const;
