import type { CallOptions } from "../connection/caller.ts";
import type { Connection } from "../connection/connection.ts";
import { eventMessages, type EventMessage } from "../protocol/event-message.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef } from "../protocol/refs.ts";
import { paramsToObject, type Params } from "../protocol/typed-params.ts";
import type { XdrType, XdrValue } from "../protocol/xdr-type.ts";
import { EventStream } from "./event-stream.ts";
import { blockJobTypes, type BlockJobType } from "./block-jobs.ts";
import { jobOperation, type JobOperation } from "./job-stats.ts";
import { domainHappening, type DomainHappening } from "./lifecycle-event.ts";
import { nameOf } from "./name-of.ts";

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

const ioErrorActions = ["none", "pause", "report"] as const;
const blockJobStatuses = ["completed", "failed", "cancelled", "ready"] as const;
const unsubscribeMs = 5000;
const agentStates = ["unrecognised", "connected", "disconnected"] as const;
const agentReasons = ["unknown", "domain-started", "channel"] as const;

/** Subscriptions to what happens to one domain, or to all. The promise resolves when the daemon has taken the subscription. */
export const eventSource = (connect: (signal?: AbortSignal) => Promise<Connection>) => ({
  lifecycle: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<LifecycleEvent>> =>
    subscribe(connect, eventMessages.lifecycle, domain, options, ({ domain, event, detail }) => ({
      domain,
      ...domainHappening(event, detail),
    })),

  agentLifecycle: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<AgentLifecycleEvent>> =>
    subscribe(connect, eventMessages.agentLifecycle, domain, options, ({ domain, state, reason }) => ({
      domain,
      state: nameOf(agentStates, state),
      reason: nameOf(agentReasons, reason),
    })),

  ioError: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<IoErrorEvent>> =>
    subscribe(connect, eventMessages.ioError, domain, options, ({ domain, path, device, action, reason }) => ({
      domain,
      path,
      device,
      action: nameOf(ioErrorActions, action),
      reason,
    })),

  blockJob: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<BlockJobEvent>> =>
    subscribe(connect, eventMessages.blockJob, domain, options, ({ domain, disk, type, status }) => ({
      domain,
      disk,
      type: nameOf(blockJobTypes, type),
      status: nameOf(blockJobStatuses, status),
    })),

  jobCompleted: (domain?: DomainRef, options?: CallOptions): Promise<EventStream<JobCompletedEvent>> =>
    subscribe(connect, eventMessages.jobCompleted, domain, options, ({ domain, params }) => {
      const fields = paramsToObject(params);
      const success = fields["success"];
      return {
        domain,
        operation: jobOperation(fields),
        success: typeof success === "boolean" ? success : undefined,
        params: fields,
      };
    }),
});
export type EventSource = ReturnType<typeof eventSource>;

const subscribe = async <M extends XdrType, T>(
  connect: (signal?: AbortSignal) => Promise<Connection>,
  event: EventMessage<M>,
  domain: DomainRef | undefined,
  options: CallOptions | undefined,
  translate: (message: XdrValue<M>) => T,
): Promise<EventStream<T>> => {
  const connection = await connect(options?.signal);
  const stream = new EventStream<T>(() => unsubscribe());
  const listener = {
    event: (message: XdrValue<M>) => stream.push(translate(message)),
    end: (error?: Error) => stream.end(error),
  };
  const args = { eventId: event.eventId, domain };
  const callbackId = await connection.events.listen(event, listener, async () => {
    const registered = await connection.call(procedures.connectDomainEventCallbackRegisterAny, args, options);
    return registered.callbackId;
  });
  const unsubscribe = async (): Promise<void> => {
    connection.events.forget(event, callbackId);
    // Best effort: from here on its events go nowhere in any case.
    const last = { timeoutMs: unsubscribeMs };
    await connection.call(procedures.connectDomainEventCallbackDeregisterAny, { callbackId }, last).catch(() => {});
  };
  return stream;
};
