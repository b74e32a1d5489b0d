import type { NetworkRef, PoolRef, TypedParam } from "@quiesce/node-libvirt/protocol";
import type { Lifecycle } from "../domain/domain-events.ts";
import type { Domain } from "../domain/domain.ts";
import type { ObjectLifecycle } from "./object-lifecycle.ts";

interface Happening {
  readonly domain: Domain;
  /** The domain's id at that time. */
  readonly id: number;
}

export type DomainHostEvent = Happening &
  (
    | { readonly kind: "lifecycle"; readonly what: Lifecycle }
    | { readonly kind: "agent"; readonly connected: boolean; readonly reason: number }
    | {
        readonly kind: "io-error";
        readonly reason: string;
      }
    | {
        readonly kind: "block-job";
        readonly target: string;
        /** `virDomainBlockJobType` */
        readonly type: number;
        /** `virConnectDomainEventBlockJobStatus` */
        readonly status: number;
      }
    | { readonly kind: "job-completed"; readonly params: readonly TypedParam[] }
  );

export type HostEvent =
  | DomainHostEvent
  | { readonly kind: "network"; readonly network: NetworkRef; readonly what: ObjectLifecycle<"network"> }
  | { readonly kind: "pool"; readonly pool: PoolRef; readonly what: ObjectLifecycle<"pool"> };

type HostListener = (event: HostEvent) => void;

/** Tells every session what happens. */
export interface HostEvents {
  emit(event: HostEvent): void;
  /** Returns how to stop listening. */
  listen(listener: HostListener): () => void;
}

export const createHostEvents = (): HostEvents => {
  const listeners = new Set<HostListener>();
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
