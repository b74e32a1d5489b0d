import { isLibvirtError, type CallOptions, type LibvirtReader } from "@quiesce/node-libvirt";
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
  try {
    return await volumes.path(await volumes.byName(await pools.byName(pool, options), volume, options), options);
  } catch (thrown) {
    if (isLibvirtError(thrown, "no-storage-pool", "no-storage-volume")) return undefined;
    throw thrown;
  }
};
