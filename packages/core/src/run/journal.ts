import type { Event, LiveBody, Recorded, RecordedBody } from "../event/event.ts";
import type { RunId } from "../model/id.ts";
import { isSome, type Some } from "../model/some.ts";
import type { Clock } from "../ports/clock.ts";
import type { Claim, Store } from "../ports/store.ts";

/** Writes a run's events: first into the store, then to whoever watches. */
export interface Journal {
  /** Resolves when the events are durable. */
  record(...bodies: Some<RecordedBody>): Promise<void>;
  /** Shows an event that nobody needs after a crash. */
  show(body: LiveBody): void;
}

export const createJournal = (
  run: RunId,
  claim: Claim,
  { store, clock, emit }: { readonly store: Store; readonly clock: Clock; readonly emit: (event: Event) => void },
): Journal => ({
  record: async (...bodies) => {
    const at = clock.now();
    const events = bodies.map((body): Recorded => ({ at, run, ...body }));
    if (!isSome(events)) return;
    await store.commit(claim, events);
    for (const event of events) emit(event);
  },
  show: (body) => emit({ at: clock.now(), run, ...body }),
});
