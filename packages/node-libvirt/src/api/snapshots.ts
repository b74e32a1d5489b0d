import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef, SnapshotRef } from "../protocol/refs.ts";

/** For `snapshots.create`. */
export const snapshotCreateFlags = {
  redefine: 1,
  current: 2,
  noMetadata: 4,
  halt: 8,
  /** External overlays, no memory. */
  diskOnly: 16,
  reuseExternal: 32,
  /** Freeze and thaw by the guest agent, inside the daemon. Needs `diskOnly`. */
  quiesce: 64,
  atomic: 128,
  live: 256,
  validate: 512,
} as const;

/** For `snapshots.list`; in `snapshots.children` the first means all descendants. */
export const snapshotListFlags = {
  roots: 1,
  descendants: 1,
  metadata: 2,
  leaves: 4,
  noLeaves: 8,
  noMetadata: 16,
  inactive: 32,
  active: 64,
  diskOnly: 128,
  internal: 256,
  external: 512,
  topological: 1024,
} as const;

/** For `snapshots.revert`. */
export const snapshotRevertFlags = { running: 1, paused: 2, force: 4, resetNvram: 8 } as const;

/** For `snapshots.delete`. */
export const snapshotDeleteFlags = { children: 1, metadataOnly: 2, childrenOnly: 4 } as const;

/** For `snapshots.xml`: passwords too. */
export const snapshotXmlFlags = { secure: 1 } as const;

/** Calls on snapshots that change nothing. */
export const snapshotReader = (caller: ReadCaller) => ({
  /** All snapshots of a domain, or those that `snapshotListFlags` choose. */
  list: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<readonly SnapshotRef[]> =>
    (await caller.call(procedures.domainListAllSnapshots, { domain, needResults: 1, flags }, options)).snapshots,

  /** Error `no-snapshot` when there is none. */
  byName: async (domain: DomainRef, name: string, options?: CallOptions): Promise<SnapshotRef> =>
    (await caller.call(procedures.domainSnapshotLookupByName, { domain, name, flags: 0 }, options)).snapshot,

  /** `snapshotXmlFlags`. */
  xml: async (snapshot: SnapshotRef, flags = 0, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.domainSnapshotGetXmlDesc, { snapshot, flags }, options)).xml,

  /** The snapshot that the domain stands on. Error `no-snapshot` when there is none. */
  current: async (domain: DomainRef, options?: CallOptions): Promise<SnapshotRef> =>
    (await caller.call(procedures.domainSnapshotCurrent, { domain, flags: 0 }, options)).snapshot,

  /** Error `no-snapshot` for a root. */
  parent: async (snapshot: SnapshotRef, options?: CallOptions): Promise<SnapshotRef> =>
    (await caller.call(procedures.domainSnapshotGetParent, { snapshot, flags: 0 }, options)).snapshot,

  /** Direct children, or what `snapshotListFlags` choose. */
  children: async (snapshot: SnapshotRef, flags = 0, options?: CallOptions): Promise<readonly SnapshotRef[]> =>
    (await caller.call(procedures.domainSnapshotListAllChildren, { snapshot, needResults: 1, flags }, options))
      .snapshots,
});
export type SnapshotReader = ReturnType<typeof snapshotReader>;

/** Calls on snapshots that change something. They take seconds to minutes: give them a deadline that fits. */
export const snapshotWriter = (caller: Caller) => ({
  /** `snapshotCreateFlags`. Error `operation-failed` for a name that exists (libvirt 9.0). */
  create: async (domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<SnapshotRef> =>
    (await caller.call(procedures.domainSnapshotCreateXml, { domain, xml, flags }, options)).snapshot,

  /**
   * `snapshotRevertFlags`. Never while the domain has checkpoints: QEMU dies of an internal revert then, and the domain is left
   * shut off and not reverted (libvirt 9.0, QEMU 7.2).
   */
  revert: async (snapshot: SnapshotRef, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainRevertToSnapshot, { snapshot, flags }, options);
  },

  /** `snapshotDeleteFlags`. */
  delete: async (snapshot: SnapshotRef, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainSnapshotDelete, { snapshot, flags }, options);
  },
});
export type SnapshotWriter = ReturnType<typeof snapshotWriter>;
