import { dirname } from "node:path/posix";
import { failure } from "@quiesce/core";
import type { VolumeRef } from "@quiesce/node-libvirt";
import type { DomainDisk } from "../api/disk.ts";
import type { Domain } from "../api/domain.ts";
import { poolAt } from "../api/pool.ts";
import { volumePath } from "../api/volume-path.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Backing } from "./backup-context.ts";
import { backedUpDisks, isTracked } from "./backup-disks.ts";

/** A disk of the machine where it lies on the host. */
export interface PlacedDisk {
  readonly name: string;
  readonly path: string;
  readonly format: string;
  readonly tracked: boolean;
  /** The volume that it is in an active pool; undefined where no pool covers its folder. */
  readonly volume: VolumeRef | undefined;
  /** What the guest sees of it, as far as a pool knows. */
  readonly bytes: number | undefined;
}

/** Finds the disks' volumes. The daemon knows volumes, sizes and room as of a pool's last refresh, so the pools are refreshed. */
export const placeDisks = async (c: Backing, machine: Domain): Promise<readonly PlacedDisk[]> => {
  const { pools, volumes } = c.api.libvirt;
  const options = { signal: c.signal };
  const disks = await Promise.all(
    backedUpDisks(machine).map(async (disk) => ({ disk, path: await pathOf(c, machine, disk) })),
  );
  for (const folder of new Set(disks.map(({ path }) => dirname(path)))) {
    const pool = await poolAt(c.api.libvirt, folder, options);
    if (pool !== undefined) await pools.refresh(pool, options);
  }
  return await Promise.all(
    disks.map(async ({ disk, path }): Promise<PlacedDisk> => {
      const volume = await orUndefined(volumes.byPath(path, options), "no-storage-volume");
      const info = volume && (await orUndefined(volumes.info(volume, options), "no-storage-volume"));
      const { name, format = "raw" } = disk;
      return { name, path, format, tracked: isTracked(disk), volume: info && volume, bytes: info?.capacity };
    }),
  );
};

const pathOf = async (c: Backing, { name: machine }: Domain, { name, source }: DomainDisk): Promise<string> => {
  const path = await volumePath(c.api.libvirt, source, { signal: c.signal });
  if (path !== undefined) return path;
  throw failure(
    "not-found",
    `Disk ${name} of ${machine} is a volume of a pool that is not active. Start the pool: virsh pool-start.`,
  );
};
