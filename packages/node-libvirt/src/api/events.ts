import type { CallOptions } from "../connection/caller.ts";
import type { Connection } from "../connection/connection.ts";
import { eventMessages } from "../protocol/event-message.ts";
import type { DomainRef, NetworkRef, PoolRef } from "../protocol/refs.ts";
import { paramsToObject, type Params } from "../protocol/typed-params.ts";
import { ofDomain, ofNetwork, ofPool } from "./event-registrations.ts";
import type { EventStream } from "./event-stream.ts";
import { blockJobTypes, type BlockJobType } from "./block-jobs.ts";
import { jobOperation, type JobOperation } from "./job-stats.ts";
import { domainHappening, type DomainHappening } from "./lifecycle-event.ts";
import { nameOf } from "./name-of.ts";
import { subscribe } from "./subscribe.ts";

export type LifecycleEvent = DomainHappening & { readonly domain: DomainRef };

export interface AgentLifecycleEvent {
  readonly domain: DomainRef;
  readonly state: "connected" | "disconnected" | "unrecognised";
  readonly reason: "unknown" | "domain-started" | "channel" | "unrecognised";
}

/** A disk could not be read or written. With `pause` the domain stands still until it is resumed. */
export interface IoErrorEvent {
  readonly domain: DomainRef;
  /** Of the image, on the host; empty where libvirt does not know it. */
  readonly path: string;
  /** The disk's alias in the running definition, for example `virtio-disk0`. */
  readonly device: string;
  readonly action: (typeof ioErrorActions)[number] | "unrecognised";
  /** `enospc` when the storage is full; empty otherwise. */
  readonly reason: string;
}

export interface BlockJobEvent {
  readonly domain: DomainRef;
  /** Target of the disk, for example `vda`. */
  readonly disk: string;
  readonly type: BlockJobType;
  /** `ready`: both images hold the same; the job goes on until `blockJobs.abort`. */
  readonly status: (typeof blockJobStatuses)[number] | "unrecognised";
}

export interface JobCompletedEvent {
  readonly domain: DomainRef;
  readonly operation: JobOperation | undefined;
  /** Absent where the driver does not say. */
  readonly success: boolean | undefined;
  /** As in `JobStats`. */
  readonly params: Params;
}

export interface NetworkLifecycleEvent {
  readonly network: NetworkRef;
  readonly event: (typeof networkHappenings)[number] | "unrecognised";
}

export interface PoolLifecycleEvent {
  readonly pool: PoolRef;
  /** `created` and `deleted`: its storage was built or deleted. */
  readonly event: (typeof poolHappenings)[number] | "unrecognised";
}

const ioErrorActions = ["none", "pause", "report"] as const;
const blockJobStatuses = ["completed", "failed", "cancelled", "ready"] as const;
/** At the index of their number (`virNetworkEventLifecycleType`). */
const networkHappenings = ["defined", "undefined", "started", "stopped"] as const;
/** At the index of their number (`virStoragePoolEventLifecycleType`). */
const poolHappenings = ["defined", "undefined", "started", "stopped", "created", "deleted"] as const;
const agentStates = ["unrecognised", "connected", "disconnected"] as const;
const agentReasons = ["unknown", "domain-started", "channel"] as const;

/** Subscriptions to what happens to one domain, network or pool, or to all. The promise resolves when the daemon has taken the subscription. */
export const eventSource = (connect: (signal?: AbortSignal) => Promise<Connection>) => ({
  lifecycle: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<LifecycleEvent>> =>
    subscribe(connect, eventMessages.lifecycle, ofDomain(domain), options, ({ domain, event, detail }) => ({
      domain,
      ...domainHappening(event, detail),
    })),

  agentLifecycle: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<AgentLifecycleEvent>> =>
    subscribe(connect, eventMessages.agentLifecycle, ofDomain(domain), options, ({ domain, state, reason }) => ({
      domain,
      state: nameOf(agentStates, state),
      reason: nameOf(agentReasons, reason),
    })),

  ioError: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<IoErrorEvent>> =>
    subscribe(
      connect,
      eventMessages.ioError,
      ofDomain(domain),
      options,
      ({ domain, path, device, action, reason }) => ({
        domain,
        path,
        device,
        action: nameOf(ioErrorActions, action),
        reason,
      }),
    ),

  blockJob: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<BlockJobEvent>> =>
    subscribe(connect, eventMessages.blockJob, ofDomain(domain), options, ({ domain, disk, type, status }) => ({
      domain,
      disk,
      type: nameOf(blockJobTypes, type),
      status: nameOf(blockJobStatuses, status),
    })),

  jobCompleted: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<JobCompletedEvent>> =>
    subscribe(connect, eventMessages.jobCompleted, ofDomain(domain), options, ({ domain, params }) => {
      const fields = paramsToObject(params);
      const success = fields["success"];
      return {
        domain,
        operation: jobOperation(fields),
        success: typeof success === "boolean" ? success : undefined,
        params: fields,
      };
    }),

  networkLifecycle: (network?: NetworkRef, options?: CallOptions): Promise<EventStream<NetworkLifecycleEvent>> =>
    subscribe(connect, eventMessages.networkLifecycle, ofNetwork(network), options, ({ network, event }) => ({
      network,
      event: nameOf(networkHappenings, event),
    })),

  poolLifecycle: (pool?: PoolRef, options?: CallOptions): Promise<EventStream<PoolLifecycleEvent>> =>
    subscribe(connect, eventMessages.poolLifecycle, ofPool(pool), options, ({ pool, event }) => ({
      pool,
      event: nameOf(poolHappenings, event),
    })),
});
export type EventSource = ReturnType<typeof eventSource>;
