import { failure } from "../failure/failure.ts";
import { findDomain } from "../domain/find-domain.ts";
import type { Handlers } from "./call.ts";

/** Asking for events. */
export const eventCalls: Handlers = {
  connectDomainEventCallbackRegisterAny: ({ eventId, domain }, { host, session }) => ({
    callbackId: session.subscribe(eventId, domain === undefined ? undefined : findDomain(host, domain).uuid),
  }),
  connectDomainEventCallbackDeregisterAny: ({ callbackId }, { session }) => {
    if (session.unsubscribe(callbackId)) return;
    throw failure("internal-error", "rpc", `domain event callback ${callbackId} not registered`);
  },
};
