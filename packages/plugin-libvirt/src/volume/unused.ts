import { failure } from "@quiesce/core";
import type { CallOptions, VolumeRef } from "@quiesce/node-libvirt";
import { volumeDependants } from "../api/volume-dependants.ts";
import { volumeUsers } from "../api/volume-users.ts";
import type { Volume } from "../api/volume.ts";
import type { Reader } from "../client/session.ts";

/**
 * Throws when a machine uses the volume, running or not, or another volume is a difference to it. libvirt itself would read,
 * overwrite and delete it all the same, so this is asked right before each such call.
 */
export const assertUnused = async (
  { libvirt }: Reader,
  ref: VolumeRef,
  { path }: Volume,
  options: CallOptions,
): Promise<void> => {
  const [users, dependants] = await Promise.all([
    volumeUsers(libvirt, { path, pool: ref.pool, name: ref.name }, options),
    volumeDependants(libvirt, path, options),
  ]);
  if (users.length > 0)
    throw failure(
      "conflict",
      `The volume ${path} is attached to ${users.join(", ")}; it was not touched. ` +
        "Work on the machine instead: its backup and its restore cover the disk. Or detach it: virsh detach-disk.",
    );
  if (dependants.length > 0)
    throw failure(
      "conflict",
      `The volume ${path} is what ${dependants.join(", ")} build on: their content would change with it. It was not touched.`,
    );
};
