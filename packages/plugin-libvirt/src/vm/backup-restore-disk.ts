import { failure, type DiskSource } from "@quiesce/core";
import type { PoolRef, VolumeRef } from "@quiesce/node-libvirt";
import { firstDifference, type BlockDigests } from "../api/block-digests.ts";
import { readVolume, type NewVolume } from "../api/volume.ts";
import { downloadDigests, sourceDigests, uploadContent } from "../api/volume-content.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Restoring } from "./backup-restore-context.ts";
import { removeUnused, settled, type NewVolumes } from "./new-volumes.ts";
import { isClaimed } from "./restore-notes.ts";

/** Where a restored disk goes. */
export interface DiskPlace {
  readonly pool: PoolRef;
  /** A name that only this run makes. */
  readonly own: string;
  /** The name that it had, where a machine that is gone may get it back. */
  readonly old: string | undefined;
  readonly as: Omit<NewVolume, "name" | "bytes">;
}

/**
 * A new volume with a disk's content, read again and found equal. What an earlier try of this run left under these names
 * is looked at: kept when it holds the content, else replaced. Another format is made by the daemon from a raw volume, which
 * is removed again.
 */
export const newDisk = async (
  c: Restoring,
  source: DiskSource,
  place: DiskPlace,
  made: NewVolumes,
): Promise<VolumeRef> => {
  const { pool, own, as } = place;
  await removeByName(c, pool, temporaryOf(own));
  const left = await leftBefore(c, source, place, made);
  if (left !== undefined) return left;
  const old = place.old !== undefined && (await byName(c, pool, place.old)) === undefined ? place.old : undefined;
  if (as.format === "raw" && old === undefined) {
    return (await uploaded(c, source, pool, { ...as, name: own, bytes: source.bytes }, made)).volume;
  }
  // Under its old name a volume appears with its whole content or not at all.
  const temporary = { ...as, name: temporaryOf(own), bytes: source.bytes, format: "raw" };
  const raw = await uploaded(c, source, pool, temporary, made);
  if (old !== undefined) await made.claim(pool, own);
  const volume = await made.convert(pool, { ...as, name: old ?? own, bytes: source.bytes }, raw.volume);
  await removeUnused(c, raw.volume);
  return volume;
};

const temporaryOf = (own: string): string => `${own}.part`;

const byName = async ({ api, signal }: Restoring, pool: PoolRef, name: string): Promise<VolumeRef | undefined> =>
  await orUndefined(api.libvirt.volumes.byName(pool, name, { signal }), "no-storage-volume");

const removeByName = async (c: Restoring, pool: PoolRef, name: string): Promise<void> => {
  const volume = await byName(c, pool, name);
  if (volume !== undefined) await removeUnused(c, volume);
};

/** What an earlier try finished. A volume with the old name and other content is somebody's, and stays. */
const leftBefore = async (
  c: Restoring,
  source: DiskSource,
  place: DiskPlace,
  made: NewVolumes,
): Promise<VolumeRef | undefined> => {
  const { pool, own, old } = place;
  const mine = await byName(c, pool, own);
  const its = old === undefined ? undefined : await byName(c, pool, old);
  if (mine === undefined && its === undefined) return undefined;
  const wanted = await sourceDigests(source, c);
  if (mine !== undefined) {
    if (await holds(c, place, mine, source.bytes, wanted, made)) {
      made.adopt(mine);
      return mine;
    }
    await removeUnused(c, mine);
  }
  if (its === undefined || !(await holds(c, place, its, source.bytes, wanted, made))) return undefined;
  if (await isClaimed(c, pool, own)) made.adopt(its);
  return its;
};

/** Whether a volume holds a disk's content, as a guest would see it. */
export const holdsContent = async (
  c: Restoring,
  source: DiskSource,
  place: DiskPlace,
  volume: VolumeRef,
  made: NewVolumes,
): Promise<boolean> => await holds(c, place, volume, source.bytes, await sourceDigests(source, c), made);

/** Whether a guest would see the wanted content; other formats than raw are converted for the look. */
const holds = async (
  c: Restoring,
  { pool, own }: DiskPlace,
  volume: VolumeRef,
  bytes: number,
  wanted: BlockDigests,
  made: NewVolumes,
): Promise<boolean> => {
  const { libvirt } = c.api;
  const { format, capacity } = readVolume(await settled(libvirt.volumes.xml(volume, { signal: c.signal })));
  if (capacity !== bytes) return false;
  if (format === "raw") return firstDifference(wanted, await downloadDigests(libvirt, volume, bytes, c)) === undefined;
  const look: NewVolume = {
    name: `${own}.look.part`,
    bytes,
    format: "raw",
    sparse: true,
    permissions: undefined,
  };
  await removeByName(c, pool, look.name);
  const raw = await made.convert(pool, look, volume);
  const found = await downloadDigests(libvirt, raw, bytes, c);
  await removeUnused(c, raw);
  return firstDifference(wanted, found) === undefined;
};

/** A raw volume with the content, which is then read back from the host. */
const uploaded = async (
  c: Restoring,
  source: DiskSource,
  pool: PoolRef,
  wanted: NewVolume,
  made: NewVolumes,
): Promise<{ readonly volume: VolumeRef }> => {
  const { libvirt } = c.api;
  const volume = await made.create(pool, wanted);
  const sent = await uploadContent(libvirt, volume, source, c);
  const found = await downloadDigests(libvirt, volume, source.bytes, c);
  const at = firstDifference(sent, found);
  if (at === undefined) return { volume };
  throw failure(
    "protocol",
    `The new volume ${wanted.name} in the pool ${pool.name} does not hold what was sent: it differs in the block at byte ${at}. ` +
      "The machine was not touched. Look at the host's storage.",
  );
};
