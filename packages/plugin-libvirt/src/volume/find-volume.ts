import { failure } from "@quiesce/core";
import type { CallOptions, VolumeRef } from "@quiesce/node-libvirt";
import { readVolume, type Volume } from "../api/volume.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader } from "../client/session.ts";

export interface FoundVolume {
  readonly ref: VolumeRef;
  readonly volume: Volume;
}

/** The volume at a path of the host; undefined where no active pool has one. */
export const findVolume = async (
  { libvirt: { volumes } }: Reader,
  path: string,
  options: CallOptions,
): Promise<FoundVolume | undefined> => {
  const ref = await orUndefined(volumes.byPath(path, options), "no-storage-volume");
  const xml = ref && (await orUndefined(volumes.xml(ref, options), "no-storage-volume"));
  return ref === undefined || xml === undefined ? undefined : { ref, volume: readVolume(xml) };
};

export const requireVolume = async (read: Reader, path: string, options: CallOptions): Promise<FoundVolume> => {
  const found = await findVolume(read, path, options);
  if (found !== undefined) return found;
  throw failure(
    "not-found",
    `No active pool of libvirt has a volume at ${path}. See: virsh pool-list --all, virsh vol-list POOL`,
  );
};
