import { programs } from "./programs.ts";
import { domainRef } from "./refs.ts";
import { typedParams } from "./typed-params.ts";
import { int, string, struct, type XdrType } from "./xdr-type.ts";

/** A message that the daemon sends by itself after a registration. The first field of `message` is always `callbackId`. */
export interface EventMessage<M extends XdrType = XdrType> {
  readonly program: number;
  /** Number of the message on the wire. */
  readonly proc: number;
  /** Number to register for (`virDomainEventID`). */
  readonly eventId: number;
  readonly name: string;
  readonly message: M;
}

const event = <const M extends XdrType>(proc: number, eventId: number, name: string, message: M): EventMessage<M> => ({
  program: programs.remote,
  proc,
  eventId,
  name,
  message,
});

/** Domain events. */
export const eventMessages = {
  lifecycle: event(
    318,
    0,
    "DOMAIN_EVENT_CALLBACK_LIFECYCLE",
    struct({ callbackId: int, domain: domainRef, event: int, detail: int }),
  ),
  /** A disk of a domain failed. `path` is the image's, `device` the alias in the definition; action 0 none, 1 pause, 2 report. */
  ioError: event(
    324,
    6,
    "DOMAIN_EVENT_CALLBACK_IO_ERROR_REASON",
    struct({ callbackId: int, domain: domainRef, path: string, device: string, action: int, reason: string }),
  ),
  /** `disk` is its target, for example `vda`. */
  blockJob: event(
    339,
    16,
    "DOMAIN_EVENT_BLOCK_JOB_2",
    struct({ callbackId: int, domain: domainRef, disk: string, type: int, status: int }),
  ),
  agentLifecycle: event(
    348,
    18,
    "DOMAIN_EVENT_CALLBACK_AGENT_LIFECYCLE",
    struct({ callbackId: int, domain: domainRef, state: int, reason: int }),
  ),
  jobCompleted: event(
    363,
    21,
    "DOMAIN_EVENT_CALLBACK_JOB_COMPLETED",
    struct({ callbackId: int, domain: domainRef, params: typedParams(64) }),
  ),
} as const;
