import type { Slot, SpareSlots } from "../block/slots.ts";

/** Keeps the blocks that were used last, in a bounded number of buffers. */
export interface BlockCache {
  /** Loads a block unless it is there, and keeps it while `use` runs. Waits while every buffer is in use. */
  with(key: string, load: (slot: Slot) => Promise<void>, use: (slot: Slot) => void): Promise<void>;
  /** Gives back the buffers that are not in use. */
  close(): void;
}

interface Entry {
  readonly loaded: Promise<Slot>;
  /** When it is loaded. */
  slot?: Slot;
  users: number;
}

export const createBlockCache = (most: number, spare: SpareSlots): BlockCache => {
  /** In the order of their last use. */
  const entries = new Map<string, Entry>();
  const waiting: ((slot: Slot) => void)[] = [];
  const free: Slot[] = [];
  let made = 0;
  const make = (): Slot | undefined => {
    if (made === most) return undefined;
    made++;
    return spare.get();
  };
  const evict = (): Slot | undefined => {
    for (const [key, { users, slot }] of entries)
      if (users === 0 && slot !== undefined) {
        entries.delete(key);
        return slot;
      }
    return undefined;
  };
  const room = async (): Promise<Slot> =>
    free.pop() ?? make() ?? evict() ?? new Promise<Slot>((resolve) => waiting.push(resolve));
  /** Somebody may wait for what is now unused. */
  const serve = (): void => {
    if (waiting.length === 0) return;
    const slot = free.pop() ?? evict();
    if (slot !== undefined) waiting.shift()?.(slot);
  };
  const enter = (key: string, load: (slot: Slot) => Promise<void>): Entry => {
    const fetch = async (): Promise<Slot> => {
      const slot = await room();
      try {
        await load(slot);
        entry.slot = slot;
        return slot;
      } catch (error) {
        entries.delete(key);
        free.push(slot);
        throw error;
      }
    };
    const entry: Entry = { loaded: fetch(), users: 0 };
    return entry;
  };
  return {
    with: async (key, load, use) => {
      const entry = entries.get(key) ?? enter(key, load);
      entry.users++;
      entries.delete(key);
      entries.set(key, entry);
      try {
        use(await entry.loaded);
      } finally {
        entry.users--;
        serve();
      }
    },
    close: () => {
      spare.put(free.splice(0));
      for (let slot = evict(); slot !== undefined; slot = evict()) spare.put([slot]);
    },
  };
};
