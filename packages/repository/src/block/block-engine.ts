import { startBlockWorkers, type BlockWorkers } from "./block-workers.ts";
import { createSlots, type Slots } from "./slots.ts";

export interface BlockTools extends AsyncDisposable {
  readonly slots: Slots;
  readonly workers: BlockWorkers;
}

/**
 * Threads and buffers that all copies of a repository share: together they never use more. They are made when the
 * first copy begins and given back when the last one ends.
 */
export interface BlockEngine {
  enter(): BlockTools;
}

export const createBlockEngine = (size: { readonly threads: number; readonly buffers: number }): BlockEngine => {
  let shared: Pick<BlockTools, "slots" | "workers"> | undefined;
  let users = 0;
  const leave = async (): Promise<void> => {
    users--;
    if (users > 0) return;
    const { workers } = shared ?? {};
    shared = undefined;
    await workers?.close();
  };
  return {
    enter: () => {
      shared ??= { slots: createSlots(size.buffers), workers: startBlockWorkers(size.threads) };
      users++;
      return { ...shared, [Symbol.asyncDispose]: leave };
    },
  };
};
