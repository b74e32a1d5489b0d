import { poolListFlags, type CallOptions, type LibvirtReader } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import { readVolume } from "./volume.ts";

/** Paths of volumes in active pools that are differences to the volume at a path. */
export const volumeDependants = async (
  { pools, volumes }: Pick<LibvirtReader, "pools" | "volumes">,
  path: string,
  options: CallOptions,
): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const pool of await pools.list(poolListFlags.active, options))
    for (const ref of (await orUndefined(volumes.list(pool, options), "no-storage-pool")) ?? []) {
      const xml = await orUndefined(volumes.xml(ref, options), "no-storage-volume");
      const volume = xml === undefined ? undefined : readVolume(xml);
      if (volume?.backing === path) found.push(volume.path);
    }
  return found;
};
