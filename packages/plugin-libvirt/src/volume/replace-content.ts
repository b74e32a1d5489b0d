import { failure, type DiskSource } from "@quiesce/core";
import type { PoolRef, VolumeRef } from "@quiesce/node-libvirt";
import { firstDifference, type BlockDigests } from "../api/block-digests.ts";
import { keepsFiles, readPool } from "../api/pool.ts";
import { downloadDigests, uploadContent } from "../api/volume-content.ts";
import { newVolumeXml, readVolume, type VolumePermissions } from "../api/volume.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { findVolume } from "./find-volume.ts";
import type { Restoring } from "./restore-context.ts";
import { layNote, removeNotes } from "../vm/restore-notes.ts";
import { activePool, spareBase, spareName, spareOf } from "./spare.ts";
import { assertUnused } from "./unused.ts";
import type { VolumeRecord } from "./volume-record.ts";

/**
 * libvirt can neither rename a volume nor write one as a whole or not at all. So the content first goes into a spare volume
 * beside the old one and is read back; only then the old one is deleted and written anew, and the spare goes last. Wherever
 * this is cut off, the host holds the old content or all of the new one, and a repetition goes on from there.
 */
export const replaceContent = async (
  c: Restoring,
  record: VolumeRecord,
  source: DiskSource,
  wanted: BlockDigests,
): Promise<void> => {
  const { libvirt } = c.api;
  const options = { signal: c.signal };
  const pool = await activePool(c, record);
  const found = await findVolume(c.api, record.path, options);
  const permissions = found?.volume.permissions ?? (await permissionsOfSpare(c, record));
  if (found !== undefined) {
    await assertUnused(c.api, found.ref, found.volume, options);
    await layNote(c, pool, { tag: c.tag, of: record.path, base: spareBase(c) });
    await ensureSpare(c, pool, source, wanted, permissions);
    await assertUnused(c.api, found.ref, found.volume, options);
    await orUndefined(libvirt.volumes.delete(found.ref, options), "no-storage-volume");
  }
  try {
    await write(c, pool, record.name, source, wanted, permissions);
  } catch (thrown) {
    if (found === undefined) await removeQuietly(c, pool, record.name);
    throw thrown;
  }
  const spare = await spareOf(c, record);
  if (spare !== undefined) await orUndefined(libvirt.volumes.delete(spare, options), "no-storage-volume");
  await removeNotes(c, spareBase(c));
  // libvirt then sees again of what format the file is.
  await libvirt.pools.refresh(pool, options);
};

/** Of the volume that an earlier try deleted already. */
const permissionsOfSpare = async (c: Restoring, record: VolumeRecord): Promise<VolumePermissions | undefined> => {
  const spare = await spareOf(c, record);
  return spare && readVolume(await c.api.libvirt.volumes.xml(spare, { signal: c.signal })).permissions;
};

const ensureSpare = async (
  c: Restoring,
  pool: PoolRef,
  source: DiskSource,
  wanted: BlockDigests,
  permissions: VolumePermissions | undefined,
): Promise<void> => {
  const name = spareName(c);
  const left = await orUndefined(c.api.libvirt.volumes.byName(pool, name, { signal: c.signal }), "no-storage-volume");
  if (left !== undefined) {
    const held = await downloadDigests(c.api.libvirt, left, source.bytes, c);
    if (firstDifference(wanted, held) === undefined) return;
    await c.api.libvirt.volumes.delete(left, { signal: c.signal });
  }
  try {
    await write(c, pool, name, source, wanted, permissions);
  } catch (thrown) {
    await removeQuietly(c, pool, name);
    throw thrown;
  }
};

const write = async (
  c: Restoring,
  pool: PoolRef,
  name: string,
  source: DiskSource,
  wanted: BlockDigests,
  permissions: VolumePermissions | undefined,
): Promise<void> => {
  const { pools, volumes } = c.api.libvirt;
  const options = { signal: c.signal };
  const sparse = keepsFiles(readPool(await pools.xml(pool, 0, options)));
  const xml = newVolumeXml({ name, bytes: source.bytes, format: "raw", sparse, permissions });
  const volume: VolumeRef = await volumes.create(pool, xml, 0, options);
  await uploadContent(c.api.libvirt, volume, source, c);
  const at = firstDifference(wanted, await downloadDigests(c.api.libvirt, volume, source.bytes, c));
  if (at === undefined) return;
  throw failure(
    "protocol",
    `The volume ${pool.name}/${name} does not hold what was sent: it differs in the block at byte ${at}. Look at the host's storage.`,
  );
};

const cleanUpMs = 30_000;

/** After a failure that is told anyway, also when the signal has ended all else. */
const removeQuietly = async ({ api }: Restoring, pool: PoolRef, name: string): Promise<void> => {
  const options = { signal: AbortSignal.timeout(cleanUpMs) };
  try {
    await api.libvirt.volumes.delete(await api.libvirt.volumes.byName(pool, name, options), options);
  } catch {
    // It is not there, or the host cannot be reached: a repetition looks for it.
  }
};
