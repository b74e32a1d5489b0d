import { slotBytes } from "./sizes.ts";

/** A buffer for one block, shared with the worker threads. */
export type Slot = Uint8Array<SharedArrayBuffer>;

/** Buffers that are kept to be used again: collecting garbage lags behind copies by hundreds of megabytes. */
export interface SpareSlots {
  get(): Slot;
  put(slots: Iterable<Slot>): void;
}

export const createSpareSlots = (most: number): SpareSlots => {
  const kept: Slot[] = [];
  return {
    get: () => kept.pop() ?? new Uint8Array(new SharedArrayBuffer(slotBytes)),
    put: (slots) => {
      for (const slot of slots) if (kept.length < most) kept.push(slot);
    },
  };
};

/** A bounded set of buffers: what bounds the memory of all copies together. */
export interface Slots {
  /** Waits for a free one, first come, first served. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Slot>;
  give(slot: Slot): void;
  /** Gives the free ones back. */
  close(): void;
}

export const createSlots = (most: number, spare: SpareSlots): Slots => {
  const free: Slot[] = [];
  const waiting = new Set<(slot: Slot) => void>();
  let made = 0;
  const wait = (signal: AbortSignal): Promise<Slot> => {
    const { promise, resolve, reject } = Promise.withResolvers<Slot>();
    const stop = (): void => {
      waiting.delete(serve);
      reject(signal.reason as Error);
    };
    const serve = (slot: Slot): void => {
      signal.removeEventListener("abort", stop);
      resolve(slot);
    };
    waiting.add(serve);
    signal.addEventListener("abort", stop, { once: true });
    return promise;
  };
  return {
    take: async (signal) => {
      signal.throwIfAborted();
      const slot = free.pop();
      if (slot !== undefined) return slot;
      if (made === most) return wait(signal);
      made++;
      return spare.get();
    },
    give: (slot) => {
      const [next] = waiting;
      if (next === undefined) return void free.push(slot);
      waiting.delete(next);
      next(slot);
    },
    close: () => spare.put(free.splice(0)),
  };
};
