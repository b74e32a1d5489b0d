import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { PoolRef, VolumeRef } from "../protocol/refs.ts";
import { knownNameOf } from "./name-of.ts";
import { safeNumber } from "./safe-number.ts";

/** For `pools.xml`: the persistent definition instead of the running one. */
export const poolXmlFlags = { inactive: 1 } as const;

/** For `pools.list`. */
export const poolListFlags = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
} as const;

const poolStates = ["inactive", "building", "running", "degraded", "inaccessible"] as const;

/** Sizes in bytes. */
export interface PoolInfo {
  readonly state: (typeof poolStates)[number];
  readonly capacity: number;
  readonly allocation: number;
  readonly available: number;
}

/** Calls on storage pools that change nothing. */
export const poolReader = (caller: ReadCaller) => ({
  /** All pools, or those that `poolListFlags` choose. */
  list: async (flags = 0, options?: CallOptions): Promise<readonly PoolRef[]> =>
    (await caller.call(procedures.connectListAllStoragePools, { needResults: 1, flags }, options)).pools,

  /** Error `no-storage-pool` when there is none. */
  byName: async (name: string, options?: CallOptions): Promise<PoolRef> =>
    (await caller.call(procedures.storagePoolLookupByName, { name }, options)).pool,

  /** Error `no-storage-pool` when there is none. */
  byUuid: async (uuid: string, options?: CallOptions): Promise<PoolRef> =>
    (await caller.call(procedures.storagePoolLookupByUuid, { uuid }, options)).pool,

  byVolume: async (volume: VolumeRef, options?: CallOptions): Promise<PoolRef> =>
    (await caller.call(procedures.storagePoolLookupByVolume, { volume }, options)).pool,

  /** `poolXmlFlags`. */
  xml: async (pool: PoolRef, flags = 0, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.storagePoolGetXmlDesc, { pool, flags }, options)).xml,

  info: async (pool: PoolRef, options?: CallOptions): Promise<PoolInfo> => {
    const info = await caller.call(procedures.storagePoolGetInfo, { pool }, options);
    return {
      state: knownNameOf(poolStates, info.state, "the state of a pool"),
      capacity: safeNumber(info.capacity, "the capacity of a pool"),
      allocation: safeNumber(info.allocation, "the allocation of a pool"),
      available: safeNumber(info.available, "the free space of a pool"),
    };
  },

  isActive: async (pool: PoolRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.storagePoolIsActive, { pool }, options)).active,

  isPersistent: async (pool: PoolRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.storagePoolIsPersistent, { pool }, options)).persistent,

  autostart: async (pool: PoolRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.storagePoolGetAutostart, { pool }, options)).autostart,
});
export type PoolReader = ReturnType<typeof poolReader>;

/** Calls on storage pools that change something. */
export const poolWriter = (caller: Caller) => ({
  define: async (xml: string, options?: CallOptions): Promise<PoolRef> =>
    (await caller.call(procedures.storagePoolDefineXml, { xml, flags: 0 }, options)).pool,

  /** Makes the pool's directory, or what else its kind needs. */
  build: async (pool: PoolRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.storagePoolBuild, { pool, flags: 0 }, options);
  },

  start: async (pool: PoolRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.storagePoolCreate, { pool, flags: 0 }, options);
  },

  /** Looks at the storage again; volumes that others made or removed are known only then. */
  refresh: async (pool: PoolRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.storagePoolRefresh, { pool, flags: 0 }, options);
  },

  /** Stops the pool; its volumes stay. */
  destroy: async (pool: PoolRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.storagePoolDestroy, { pool }, options);
  },

  undefine: async (pool: PoolRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.storagePoolUndefine, { pool }, options);
  },

  setAutostart: async (pool: PoolRef, autostart: boolean, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.storagePoolSetAutostart, { pool, autostart }, options);
  },
});
export type PoolWriter = ReturnType<typeof poolWriter>;
