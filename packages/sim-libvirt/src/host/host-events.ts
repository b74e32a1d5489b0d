import type { Lifecycle } from "../domain/domain-events.ts";
import type { Domain } from "../domain/domain.ts";

export type HostEvent =
  | { readonly kind: "lifecycle"; readonly domain: Domain; readonly id: number; readonly what: Lifecycle }
  | {
      readonly kind: "agent";
      readonly domain: Domain;
      readonly id: number;
      readonly connected: boolean;
      readonly reason: number;
    };

export type HostListener = (event: HostEvent) => void;

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
