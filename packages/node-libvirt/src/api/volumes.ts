import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import type { StreamConnections } from "../connection/stream-connections.ts";
import type { StreamPart } from "../connection/stream-part.ts";
import { procedures } from "../protocol/procedures.ts";
import type { PoolRef, VolumeRef } from "../protocol/refs.ts";
import { byteCount } from "./byte-count.ts";
import { downloadVolume } from "./download-volume.ts";
import { knownNameOf } from "./name-of.ts";
import { safeNumber } from "./safe-number.ts";
import { uploadVolume } from "./upload-volume.ts";
import type { VolumeStreamOptions } from "./volume-stream.ts";

/** For `volumes.create` and `volumes.clone`. */
export const volumeCreateFlags = { preallocateMetadata: 1, reflink: 2, validate: 4 } as const;

/** For `volumes.resize`. */
export const volumeResizeFlags = { allocate: 1, delta: 2, shrink: 4 } as const;

const volumeTypes = ["file", "block", "directory", "network", "network-directory", "ploop"] as const;

/** Sizes in bytes. */
export interface VolumeInfo {
  readonly type: (typeof volumeTypes)[number];
  /** What a guest sees. */
  readonly capacity: number;
  /** What it takes on the storage. */
  readonly allocation: number;
}

/** Calls on storage volumes that change nothing. */
export const volumeReader = (caller: ReadCaller, streams: StreamConnections) => ({
  /** The volumes that a pool knows of; see `pools.refresh`. */
  list: async (pool: PoolRef, options?: CallOptions): Promise<readonly VolumeRef[]> =>
    (await caller.call(procedures.storagePoolListAllVolumes, { pool, needResults: 1, flags: 0 }, options)).volumes,

  /** Error `no-storage-volume` when there is none. */
  byName: async (pool: PoolRef, name: string, options?: CallOptions): Promise<VolumeRef> =>
    (await caller.call(procedures.storageVolLookupByName, { pool, name }, options)).volume,

  /** Error `no-storage-volume` when there is none. */
  byKey: async (key: string, options?: CallOptions): Promise<VolumeRef> =>
    (await caller.call(procedures.storageVolLookupByKey, { key }, options)).volume,

  /** In any active pool. Error `no-storage-volume` when there is none. */
  byPath: async (path: string, options?: CallOptions): Promise<VolumeRef> =>
    (await caller.call(procedures.storageVolLookupByPath, { path }, options)).volume,

  /** On the host. */
  path: async (volume: VolumeRef, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.storageVolGetPath, { volume }, options)).path,

  xml: async (volume: VolumeRef, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.storageVolGetXmlDesc, { volume, flags: 0 }, options)).xml,

  info: async (volume: VolumeRef, options?: CallOptions): Promise<VolumeInfo> => {
    const info = await caller.call(procedures.storageVolGetInfo, { volume }, options);
    return {
      type: knownNameOf(volumeTypes, info.type, "the type of a volume"),
      capacity: safeNumber(info.capacity, "the capacity of a volume"),
      allocation: safeNumber(info.allocation, "the allocation of a volume"),
    };
  },

  /**
   * The volume's bytes as its storage holds them (of a qcow2 volume: the qcow2 file), on a connection of its own, which is not
   * read while nobody takes them. To stop early, leave the loop. A volume that a running domain writes to is read too, and what
   * comes is worth nothing: libvirt does not look, so the caller must. A read-only client is refused.
   */
  download: (volume: VolumeRef, options: VolumeStreamOptions = {}): AsyncGenerator<StreamPart, void, undefined> =>
    downloadVolume(streams, volume, options),
});
export type VolumeReader = ReturnType<typeof volumeReader>;

/** Calls on storage volumes that change something. */
export const volumeWriter = (caller: Caller, streams: StreamConnections) => ({
  /** `volumeCreateFlags`. Error `storage-volume-exists` for a name that is taken. */
  create: async (pool: PoolRef, xml: string, flags = 0, options?: CallOptions): Promise<VolumeRef> =>
    (await caller.call(procedures.storageVolCreateXml, { pool, xml, flags }, options)).volume,

  /** A new volume in `pool` with the content of `source`, converted if the formats differ; `volumeCreateFlags`. */
  clone: async (pool: PoolRef, xml: string, source: VolumeRef, flags = 0, options?: CallOptions): Promise<VolumeRef> =>
    (await caller.call(procedures.storageVolCreateXmlFrom, { pool, xml, source, flags }, options)).volume,

  /** Bytes; `volumeResizeFlags`. */
  resize: async (volume: VolumeRef, capacity: number, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(
      procedures.storageVolResize,
      { volume, capacity: byteCount(capacity, "the capacity"), flags },
      options,
    );
  },

  /** Deletes the volume, even one that a running domain uses: libvirt does not look, so the caller must. */
  delete: async (volume: VolumeRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.storageVolDelete, { volume, flags: 0 }, options);
  },

  /**
   * Writes bytes into the volume as its storage holds them, on a connection of its own, and resolves to their number when the
   * daemon has confirmed them. Parts may be of any size; the next is asked for when the daemon has taken the last. With `sparse`,
   * holes keep what is there: use it on a new volume. Without, they are written as zeroes. Give `length`: the daemon lets a
   * file grow beyond the volume's capacity. Even a volume that a running domain uses is written: libvirt does not look.
   */
  upload: (volume: VolumeRef, source: AsyncIterable<StreamPart>, options: VolumeStreamOptions = {}): Promise<number> =>
    uploadVolume(streams, volume, source, options),
});
export type VolumeWriter = ReturnType<typeof volumeWriter>;
