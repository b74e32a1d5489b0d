import { startBlockWorkers, type BlockWorkers } from "./block-workers.ts";
import { createSlots, createSpareSlots, type Slots, type SpareSlots } from "./slots.ts";

export interface BlockTools extends Disposable {
  readonly slots: Slots;
  readonly workers: BlockWorkers;
}

/**
 * Threads and buffers that all copies of a repository share: together they never use more. The threads end when nobody
 * has used them for ten seconds: a step copies many disks, one after another.
 */
export interface BlockEngine {
  readonly spare: SpareSlots;
  enter(): BlockTools;
}

const idleMs = 10_000;

export const createBlockEngine = (size: { readonly threads: number; readonly buffers: number }): BlockEngine => {
  const spare = createSpareSlots(size.buffers);
  let shared: Pick<BlockTools, "slots" | "workers"> | undefined;
  let users = 0;
  let ending: NodeJS.Timeout | undefined;
  const end = (): void => {
    shared?.slots.close();
    void shared?.workers.close();
    shared = undefined;
  };
  const leave = (): void => {
    users--;
    if (users === 0) ending = setTimeout(end, idleMs).unref();
  };
  return {
    spare,
    enter: () => {
      clearTimeout(ending);
      shared ??= { slots: createSlots(size.buffers, spare), workers: startBlockWorkers(size.threads) };
      users++;
      return { ...shared, [Symbol.dispose]: leave };
    },
  };
};
