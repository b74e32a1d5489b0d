import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { CheckpointRef, DomainRef } from "../protocol/refs.ts";

/** For `checkpoints.create`. */
export const checkpointCreateFlags = { redefine: 1, quiesce: 2, redefineValidate: 4 } as const;

/** For `checkpoints.list`. */
export const checkpointListFlags = { roots: 1, topological: 2, leaves: 4, noLeaves: 8 } as const;

/** For `checkpoints.xml`. `size` needs a running domain. */
export const checkpointXmlFlags = { secure: 1, noDomain: 2, size: 4 } as const;

/** For `checkpoints.delete`. `metadataOnly` leaves the bitmaps in the disks. */
export const checkpointDeleteFlags = { children: 1, metadataOnly: 2, childrenOnly: 4 } as const;

/** Calls on checkpoints that change nothing. */
export const checkpointReader = (caller: ReadCaller) => ({
  /** All checkpoints of a domain, or those that `checkpointListFlags` choose. */
  list: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<readonly CheckpointRef[]> =>
    (await caller.call(procedures.domainListAllCheckpoints, { domain, needResults: 1, flags }, options)).checkpoints,

  /** Error `no-checkpoint` when there is none. */
  byName: async (domain: DomainRef, name: string, options?: CallOptions): Promise<CheckpointRef> =>
    (await caller.call(procedures.domainCheckpointLookupByName, { domain, name, flags: 0 }, options)).checkpoint,

  /** `checkpointXmlFlags`. */
  xml: async (checkpoint: CheckpointRef, flags = 0, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.domainCheckpointGetXmlDesc, { checkpoint, flags }, options)).xml,
});
export type CheckpointReader = ReturnType<typeof checkpointReader>;

/** Calls on checkpoints that change something. The domain must run. */
export const checkpointWriter = (caller: Caller) => ({
  /** `checkpointCreateFlags`. Refused for raw disks, which cannot hold the mark. */
  create: async (domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<CheckpointRef> =>
    (await caller.call(procedures.domainCheckpointCreateXml, { domain, xml, flags }, options)).checkpoint,

  /** `checkpointDeleteFlags`. */
  delete: async (checkpoint: CheckpointRef, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainCheckpointDelete, { checkpoint, flags }, options);
  },
});
export type CheckpointWriter = ReturnType<typeof checkpointWriter>;
