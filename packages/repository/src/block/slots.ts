import { slotBytes } from "./sizes.ts";

/** A buffer for one block, shared with the worker threads. */
export type Slot = Uint8Array<SharedArrayBuffer>;

/** A bounded set of buffers: what bounds the memory of all copies together. */
export interface Slots {
  /** Waits for a free one, first come, first served. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Slot>;
  give(slot: Slot): void;
}

export const createSlots = (most: number): Slots => {
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
      return new Uint8Array(new SharedArrayBuffer(slotBytes));
    },
    give: (slot) => {
      const [next] = waiting;
      if (next === undefined) return void free.push(slot);
      waiting.delete(next);
      next(slot);
    },
  };
};
