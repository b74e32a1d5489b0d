import { failure } from "@quiesce/core";
import { dirname } from "node:path/posix";
import type { PoolRef } from "@quiesce/node-libvirt";
import { keepsFiles, poolAt, readPool } from "../api/pool.ts";
import { readVolume } from "../api/volume.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { RecordedDisk } from "./backup-record.ts";
import type { DiskPlace } from "./backup-restore-disk.ts";
import type { Restoring } from "./backup-restore-context.ts";

/** Where the disks of one restore go. */
export interface Naming {
  /** What the names of new volumes begin with. */
  readonly base: string;
  /** A machine that is gone gets its volumes' old names back where they are free. */
  readonly gone: boolean;
}

export const placeOf = async (c: Restoring, disk: RecordedDisk, { base, gone }: Naming): Promise<DiskPlace> => {
  const { libvirt } = c.api;
  const options = { signal: c.signal };
  const what = `disk ${disk.name}`;
  const pool = await poolOf(c, disk.pool, disk.source, what);
  const old =
    disk.volume === null
      ? undefined
      : await orUndefined(libvirt.volumes.byName(pool, disk.volume, options), "no-storage-volume");
  const permissions = old && readVolume(await libvirt.volumes.xml(old, options)).permissions;
  return {
    pool,
    own: `${base}-${disk.name}.${disk.format}`,
    old: gone ? (disk.volume ?? undefined) : undefined,
    as: { format: disk.format, sparse: await isSparse(c, pool), permissions },
  };
};

/** The pool that a file lay in: the one of that name, or else the one that keeps the file's folder. */
export const poolOf = async (c: Restoring, name: string | null, path: string, what: string): Promise<PoolRef> => {
  const { pools } = c.api.libvirt;
  const options = { signal: c.signal };
  const folder = dirname(path);
  const named = name === null ? undefined : await orUndefined(pools.byName(name, options), "no-storage-pool");
  if (named !== undefined) {
    if (await pools.isActive(named, options)) return await refreshed(c, named);
    throw failure(
      "conflict",
      `Not restored: the pool ${named.name}, in which ${what} lay, is not active. Start it: virsh pool-start ${named.name}`,
    );
  }
  const found = await poolAt(c.api.libvirt, folder, options);
  if (found !== undefined) return await refreshed(c, found);
  const lay =
    name === null
      ? `no storage pool keeps ${folder}, in which ${what} lay`
      : `the pool ${name}, in which ${what} lay, does not exist`;
  throw failure(
    "conflict",
    `Not restored: ${lay}, and libvirt takes bytes into pools only. Define one: ` +
      `virsh pool-define-as ${name ?? "NAME"} dir --target ${folder}; virsh pool-start ${name ?? "NAME"}`,
  );
};

/** libvirt remembers files that somebody deleted by hand; while a volume of the pool is being made it cannot look again. */
const refreshed = async ({ api, signal }: Restoring, pool: PoolRef): Promise<PoolRef> => {
  await orUndefined(api.libvirt.pools.refresh(pool, { signal }), "operation-invalid", "internal-error");
  return pool;
};

export const isSparse = async ({ api, signal }: Restoring, pool: PoolRef): Promise<boolean> =>
  keepsFiles(readPool(await api.libvirt.pools.xml(pool, 0, { signal })));
