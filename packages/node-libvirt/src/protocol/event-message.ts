import { programs } from "./programs.ts";
import { domainRef, networkRef, poolRef } from "./refs.ts";
import { typedParams } from "./typed-params.ts";
import { int, string, struct, type XdrType } from "./xdr-type.ts";

/** What an event is about. Each has registrations, event numbers and callback ids of its own. */
export type EventSubject = "domain" | "network" | "pool";

/** A message that the daemon sends by itself after a registration. The first field of `message` is always `callbackId`. */
export interface EventMessage<M extends XdrType = XdrType> {
  readonly program: number;
  /** Number of the message on the wire. */
  readonly proc: number;
  readonly of: EventSubject;
  /** Number to register for (`virDomainEventID`, `virNetworkEventID`, `virStoragePoolEventID`). */
  readonly eventId: number;
  readonly name: string;
  readonly message: M;
}

const about =
  (of: EventSubject) =>
  <const M extends XdrType>(proc: number, eventId: number, name: string, message: M): EventMessage<M> => ({
    program: programs.remote,
    proc,
    of,
    eventId,
    name,
    message,
  });
const ofDomain = about("domain");

/** Every event message that this package knows. */
export const eventMessages = {
  lifecycle: ofDomain(
    318,
    0,
    "DOMAIN_EVENT_CALLBACK_LIFECYCLE",
    struct({ callbackId: int, domain: domainRef, event: int, detail: int }),
  ),
  /** A disk of a domain failed. `path` is the image's, `device` the alias in the definition; action 0 none, 1 pause, 2 report. */
  ioError: ofDomain(
    324,
    6,
    "DOMAIN_EVENT_CALLBACK_IO_ERROR_REASON",
    struct({ callbackId: int, domain: domainRef, path: string, device: string, action: int, reason: string }),
  ),
  /** `disk` is its target, for example `vda`. */
  blockJob: ofDomain(
    339,
    16,
    "DOMAIN_EVENT_BLOCK_JOB_2",
    struct({ callbackId: int, domain: domainRef, disk: string, type: int, status: int }),
  ),
  agentLifecycle: ofDomain(
    348,
    18,
    "DOMAIN_EVENT_CALLBACK_AGENT_LIFECYCLE",
    struct({ callbackId: int, domain: domainRef, state: int, reason: int }),
  ),
  jobCompleted: ofDomain(
    363,
    21,
    "DOMAIN_EVENT_CALLBACK_JOB_COMPLETED",
    struct({ callbackId: int, domain: domainRef, params: typedParams(64) }),
  ),
  /** `event` is a `virNetworkEventLifecycleType`; no detail is defined. */
  networkLifecycle: about("network")(
    315,
    0,
    "NETWORK_EVENT_LIFECYCLE",
    struct({ callbackId: int, network: networkRef, event: int, detail: int }),
  ),
  /** `event` is a `virStoragePoolEventLifecycleType`; no detail is defined. */
  poolLifecycle: about("pool")(
    370,
    0,
    "STORAGE_POOL_EVENT_LIFECYCLE",
    struct({ callbackId: int, pool: poolRef, event: int, detail: int }),
  ),
} as const;
