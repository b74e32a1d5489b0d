import { basename } from "node:path/posix";
import { failure } from "@quiesce/core";
import type { VolumeRef } from "@quiesce/node-libvirt";
import { readTaggedName } from "../api/tagged-name.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { backupJobOf } from "../vm/backup-job.ts";
import { scratchOwner } from "../vm/backup-scratch.ts";
import type { Found, Removing } from "./found.ts";
import { volumeFound } from "./volume-found.ts";

/** A file that takes what a guest overwrites during its backup. Its name says whose it is, and of which machine. */
export const scratchOf = (volume: VolumeRef): Found | undefined => {
  const { tag, label = "" } = readTaggedName(volume.name) ?? {};
  const owner = scratchOwner(label);
  if (tag === undefined || owner === undefined) return undefined;
  return volumeFound("scratch-volume", volume, { tag, owner, use: "working" }, (c) => removeScratch(c, volume));
};

/** libvirt would delete it under a running job, whose guest then stops at its next write. */
const removeScratch = async (c: Removing, volume: VolumeRef): Promise<void> => {
  const { domains, volumes } = c.api.libvirt;
  for (const domain of await domains.list(0, { signal: c.signal })) {
    const job = await backupJobOf(c, domain);
    if (job?.disks.some(({ scratch }) => scratch !== undefined && basename(scratch) === volume.name) !== true) continue;
    throw failure("unavailable", `${volume.name} is in use by the backup job of ${domain.name}.`, { retry: "later" });
  }
  await orUndefined(volumes.delete(volume, { signal: c.signal }), "no-storage-volume");
};
