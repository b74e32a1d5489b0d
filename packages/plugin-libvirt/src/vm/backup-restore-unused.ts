import { failure } from "@quiesce/core";
import type { VolumeRef } from "@quiesce/node-libvirt";
import { isNoteName } from "../api/restore-note.ts";
import { volumeReferences } from "../api/volume-references.ts";
import { readVolume } from "../api/volume.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { readBackupRecord } from "./backup-record.ts";
import type { Revoking } from "./backup-restore-context.ts";
import { holdsContent } from "./backup-restore-disk.ts";
import { placeOf } from "./backup-restore-place.ts";
import type { Revoked } from "./backup-restore-revoked.ts";
import { NewVolumes, settled } from "./new-volumes.ts";
import { isClaimed, volumesOf } from "./restore-notes.ts";

/** Deletes a volume that nothing needs: no machine, no snapshot, no other volume. Absent is success. `except`: a machine that goes too. */
export const deleteUnused = async (
  { api, signal }: Pick<Revoking, "api" | "signal">,
  volume: VolumeRef,
  except?: string,
): Promise<void> => {
  const { volumes } = api.libvirt;
  const xml = await orUndefined(volumes.xml(volume, { signal }), "no-storage-volume");
  if (xml === undefined) return;
  const { path } = readVolume(xml);
  const users = await volumeReferences(api.libvirt, { path, pool: volume.pool, name: volume.name }, { signal }, except);
  if (users.length > 0)
    throw failure("conflict", `The volume ${path} is needed by ${users.join(", ")}; it was not deleted.`);
  await settled(orUndefined(volumes.delete(volume, { signal }), "no-storage-volume"));
};

/** Removes all volumes that a restore made and that no machine has: also of one that died. The note goes last. */
export const removeBrought = async (c: Revoking, revoked: Revoked): Promise<void> => {
  const found = await volumesOf(c, revoked.base);
  if (found.length > 0) await removeClaimed(c, revoked);
  const last = ({ name }: VolumeRef): number => (isNoteName(name) ? 2 : name.endsWith(".xml") ? 1 : 0);
  for (const volume of found.toSorted((a, b) => last(a) - last(b))) await deleteUnused(c, volume);
};

/**
 * New volumes that already had their old names when the restore died. A name proves nothing, so what does not hold the
 * backup's content stays.
 */
const removeClaimed = async (c: Revoking, { base, id, uuid }: Revoked): Promise<void> => {
  const { run } = c;
  if (id.run !== run) return;
  for (const disk of readBackupRecord(c.input.saved).disks) {
    if (disk.volume === null) continue;
    const place = await placeOf(c, disk, { base, gone: true }).catch(() => undefined);
    if (place === undefined || !(await isClaimed(c, place.pool, place.own))) continue;
    const { volumes } = c.api.libvirt;
    const its = await orUndefined(volumes.byName(place.pool, disk.volume, { signal: c.signal }), "no-storage-volume");
    if (its === undefined) continue;
    const source = await c.repository.openDisk(disk.id);
    try {
      const made = new NewVolumes(c, { tag: c.tag, of: uuid, base });
      if (await holdsContent(c, source, place, its, made)) await deleteUnused(c, its);
    } finally {
      await source.close();
    }
  }
};
