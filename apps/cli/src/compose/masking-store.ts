import { isSome, type ProviderError, type Recorded } from "@quiesce/core";
import type { StateStore } from "./state-store.ts";

/**
 * The store with known secrets masked in what failures say, before it is journaled. What handlers saved for the
 * inverse is left alone: a restore needs it byte by byte, and by contract it holds no secret.
 */
export const maskingStore = (store: StateStore, mask: (text: string) => string): StateStore => ({
  ...store,
  commit: async (claim, events) => {
    const masked = events.map((event) => maskEvent(event, mask));
    if (isSome(masked)) await store.commit(claim, masked);
  },
});

const maskEvent = (event: Recorded, mask: (text: string) => string): Recorded => {
  switch (event.type) {
    case "step.retrying":
    case "debt.failed":
      return { ...event, error: maskError(event.error, mask) };
    case "step.ended":
      return event.end.as === "failed" || event.end.as === "in-doubt"
        ? { ...event, end: { ...event.end, error: maskError(event.end.error, mask) } }
        : event;
    case "run.settled":
      return event.error === undefined ? event : { ...event, error: maskError(event.error, mask) };
    case "run.started":
    case "run.recovering":
    case "run.undoing":
    case "step.undone":
    case "run.cancel":
    case "step.intended":
    case "step.ticketed":
    case "debt.paying":
    case "debt.paid":
    case "debt.void":
      return event;
  }
};

const maskError = (error: ProviderError, mask: (text: string) => string): ProviderError => ({
  ...error,
  message: mask(error.message),
});
