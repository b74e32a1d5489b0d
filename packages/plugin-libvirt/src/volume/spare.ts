import { failure } from "@quiesce/core";
import type { PoolRef, VolumeRef } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import { names } from "../names.ts";
import type { Restore } from "./restore-context.ts";
import type { VolumeRecord } from "./volume-record.ts";

/** What the names of all that a restore needs on its way begin with. */
export const spareBase = (c: Restore): string => c.name({ ...names, max: 96 });

/** The second volume with the restored content that lies beside the first while that is replaced. */
export const spareName = (c: Restore): string => `${spareBase(c)}.part`;

export const spareOf = async (c: Restore, record: VolumeRecord): Promise<VolumeRef | undefined> => {
  const { volumes } = c.api.libvirt;
  const pool = await activePool(c, record);
  return await orUndefined(volumes.byName(pool, spareName(c), { signal: c.signal }), "no-storage-volume");
};

export const activePool = async ({ api, signal }: Restore, { pool, path }: VolumeRecord): Promise<PoolRef> => {
  const { pools } = api.libvirt;
  const found = await orUndefined(pools.byName(pool, { signal }), "no-storage-pool");
  if (found !== undefined && (await pools.isActive(found, { signal }))) return found;
  throw failure(
    "conflict",
    `Not restored: the pool ${pool}, in which ${path} lay, ${found === undefined ? "does not exist. Define it: virsh pool-define-as" : "is not active. Start it: virsh pool-start"} ${pool}`,
  );
};
