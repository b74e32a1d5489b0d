import { startBlockWorkers, type BlockWorkers } from "./block-workers.ts";
import { createSlots, createSpareSlots, type Slots, type SpareSlots } from "./slots.ts";

export interface BlockTools extends AsyncDisposable {
  readonly slots: Slots;
  readonly workers: BlockWorkers;
}

/**
 * Threads and buffers that all copies of a repository share: together they never use more. The threads are started when
 * the first copy begins and ended with the last one.
 */
export interface BlockEngine {
  readonly spare: SpareSlots;
  enter(): BlockTools;
}

export const createBlockEngine = (size: { readonly threads: number; readonly buffers: number }): BlockEngine => {
  const spare = createSpareSlots(size.buffers);
  let shared: Pick<BlockTools, "slots" | "workers"> | undefined;
  let users = 0;
  const leave = async (): Promise<void> => {
    users--;
    if (users > 0 || shared === undefined) return;
    const { slots, workers } = shared;
    shared = undefined;
    slots.close();
    await workers.close();
  };
  return {
    spare,
    enter: () => {
      shared ??= { slots: createSlots(size.buffers, spare), workers: startBlockWorkers(size.threads) };
      users++;
      return { ...shared, [Symbol.asyncDispose]: leave };
    },
  };
};
