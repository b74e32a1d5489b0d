import { failure } from "@quiesce/core";
import type { VolumeRef } from "@quiesce/node-libvirt";
import type { DomainDisk } from "../api/disk.ts";
import type { Domain } from "../api/domain.ts";
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

/** Finds the disks' volumes. The daemon knows sizes and room as of a pool's last refresh, so those pools are refreshed. */
export const placeDisks = async (c: Backing, machine: Domain): Promise<readonly PlacedDisk[]> => {
  const { pools, volumes } = c.api.libvirt;
  const options = { signal: c.signal };
  const found = await Promise.all(backedUpDisks(machine).map((disk) => findVolume(c, machine, disk)));
  const held = new Map(found.flatMap(({ volume }) => (volume === undefined ? [] : [[volume.pool, volume] as const])));
  for (const volume of held.values()) await pools.refresh(await pools.byVolume(volume, options), options);
  return await Promise.all(
    found.map(async (disk): Promise<PlacedDisk> => {
      const info = disk.volume && (await orUndefined(volumes.info(disk.volume, options), "no-storage-volume"));
      return { ...disk, volume: info && disk.volume, bytes: info?.capacity };
    }),
  );
};

const findVolume = async (
  c: Backing,
  { name: machine }: Domain,
  disk: DomainDisk,
): Promise<Omit<PlacedDisk, "bytes">> => {
  const options = { signal: c.signal };
  const path = await volumePath(c.api.libvirt, disk.source, options);
  if (path === undefined)
    throw failure(
      "not-found",
      `Disk ${disk.name} of ${machine} is a volume of a pool that is not active. Start the pool: virsh pool-start.`,
    );
  const volume = await orUndefined(c.api.libvirt.volumes.byPath(path, options), "no-storage-volume");
  return { name: disk.name, path, format: disk.format ?? "raw", tracked: isTracked(disk), volume };
};
