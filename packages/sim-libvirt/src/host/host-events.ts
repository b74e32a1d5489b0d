import type { TypedParam } from "@quiesce/node-libvirt/protocol";
import type { Lifecycle } from "../domain/domain-events.ts";
import type { Domain } from "../domain/domain.ts";

interface Happening {
  readonly domain: Domain;
  /** The domain's id at that time. */
  readonly id: number;
}

export type HostEvent = Happening &
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
