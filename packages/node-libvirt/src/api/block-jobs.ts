import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef } from "../protocol/refs.ts";
import { nameOf } from "./name-of.ts";
import { safeNumber } from "./safe-number.ts";

/** For `blockJobs.commit`. */
export const blockCommitFlags = {
  /** Only into the next image below. */
  shallow: 1,
  /** Remove the files that are no longer needed. QEMU's driver refuses it. */
  delete: 2,
  /** Commit the image that the domain writes to; it then waits for `blockJobs.abort` with `pivot`. */
  active: 4,
  /** Keep relative paths in the images. */
  relative: 8,
} as const;

/** For `blockJobs.abort`. */
export const blockJobAbortFlags = {
  /** Return at once. */
  async: 1,
  /** Go over to the other image instead of back. */
  pivot: 2,
} as const;

/** At the index of their number (`virDomainBlockJobType`). */
export const blockJobTypes = ["unknown", "pull", "copy", "commit", "active-commit", "backup"] as const;
export type BlockJobType = (typeof blockJobTypes)[number] | "unrecognised";

/** A job on one disk. With `current` equal to `end` it is ready, or about to be: the event `blockJob` tells for sure. */
export interface BlockJob {
  readonly type: BlockJobType;
  readonly current: number;
  readonly end: number;
}

export interface BlockCommit {
  /** The image that takes the bytes; without it, the lowest of the chain. */
  readonly base?: string | undefined;
  /** The highest image whose bytes are moved; without it, the one that the domain writes to. */
  readonly top?: string | undefined;
}

/** Calls on jobs of one disk that change nothing. `disk` is its target (`vda`). */
export const blockJobReader = (caller: ReadCaller) => ({
  /** The job that goes on; undefined when there is none. */
  info: async (domain: DomainRef, disk: string, options?: CallOptions): Promise<BlockJob | undefined> => {
    const job = await caller.call(procedures.domainGetBlockJobInfo, { domain, disk, flags: 0 }, options);
    if (!job.found) return undefined;
    return {
      type: nameOf(blockJobTypes, job.type),
      current: safeNumber(job.current, "the progress of a block job"),
      end: safeNumber(job.end, "the size of a block job"),
    };
  },
});
export type BlockJobReader = ReturnType<typeof blockJobReader>;

/** Calls on jobs of one disk that change something. The jobs go on after the call; `events.blockJob` tells of their end. */
export const blockJobWriter = (caller: Caller) => ({
  /** Moves the bytes of upper images into a lower one; `blockCommitFlags`. */
  commit: async (
    domain: DomainRef,
    disk: string,
    { base, top }: BlockCommit = {},
    flags = 0,
    options?: CallOptions,
  ): Promise<void> => {
    await caller.call(procedures.domainBlockCommit, { domain, disk, base, top, bandwidth: 0n, flags }, options);
  },

  /** Copies all that the backing images hold into the image that the domain writes to; it then has none. */
  pull: async (domain: DomainRef, disk: string, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainBlockPull, { domain, disk, bandwidth: 0n, flags: 0 }, options);
  },

  /** Ends the job; `blockJobAbortFlags`. */
  abort: async (domain: DomainRef, disk: string, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainBlockJobAbort, { domain, disk, flags }, options);
  },
});
export type BlockJobWriter = ReturnType<typeof blockJobWriter>;
