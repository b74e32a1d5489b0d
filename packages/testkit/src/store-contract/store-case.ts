import type { Clock, Instant, Store } from "@quiesce/core";
import { asId } from "@quiesce/core";

/** Where a store keeps its data. Each `open` is like one more process that uses the same data. */
export interface StorePlace {
  open(clock: Pick<Clock, "now">): Promise<Store>;
  remove(): Promise<void>;
}

/** A wall clock that stands still until the test moves it, also backwards. */
export interface WallClock extends Pick<Clock, "now"> {
  move(ms: number): void;
  /** The time that is `ms` from now. */
  in(ms: number): Instant;
}

export interface StoreWorld {
  readonly store: Store;
  readonly clock: WallClock;
  /** One more handle on the same data. All are closed after the test. */
  another(): Promise<Store>;
}

/** One test of the contract; it gets an empty store. */
export interface StoreCase {
  readonly name: string;
  readonly test: (world: StoreWorld) => Promise<void>;
}

/** Starts at the beginning of 2030. */
export const wallClock = (): WallClock => {
  let ms = Date.UTC(2030, 0, 1);
  const at = (time: number): Instant => asId(new Date(time).toISOString());
  return { now: () => at(ms), in: (later) => at(ms + later), move: (by) => void (ms += by) };
};

/** Runs the test in an empty place, and leaves nothing behind. */
export const inPlace = async (make: () => Promise<StorePlace>, test: StoreCase["test"]): Promise<void> => {
  const place = await make();
  const clock = wallClock();
  const opened: Store[] = [];
  const another = async (): Promise<Store> => {
    const store = await place.open(clock);
    opened.push(store);
    return store;
  };
  try {
    await test({ store: await another(), clock, another });
  } finally {
    await Promise.all(opened.map((store) => store.close()));
    await place.remove();
  }
};
