import type { CallOptions, LibvirtReader } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import type { DiskSource } from "./disk.ts";

type Storage = Pick<LibvirtReader, "pools" | "volumes">;

/** The path on the host that names a disk's volume everywhere else, or undefined where it has none. */
export const volumePath = async (
  libvirt: Storage,
  source: DiskSource,
  options: CallOptions,
): Promise<string | undefined> => {
  switch (source.is) {
    case "file":
    case "block":
      return source.path;
    case "volume":
      return await pathInPool(libvirt, source.pool, source.volume, options);
    case "elsewhere":
      return undefined;
  }
};

/** The path of `pool/volume`, or undefined when there is no such pool or volume. */
export const pathInPool = async (
  { pools, volumes }: Storage,
  pool: string,
  volume: string,
  options: CallOptions,
): Promise<string | undefined> => {
  const found = await orUndefined(pools.byName(pool, options), "no-storage-pool");
  if (found === undefined) return undefined;
  const inside = await orUndefined(volumes.byName(found, volume, options), "no-storage-volume");
  return inside && (await volumes.path(inside, options));
};
