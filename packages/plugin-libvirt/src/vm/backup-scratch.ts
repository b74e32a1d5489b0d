import { failure } from "@quiesce/core";
import { poolListFlags, type PoolRef, type VolumeRef } from "@quiesce/node-libvirt";
import { escapeXml } from "../api/escape-xml.ts";
import { taggedName } from "../api/tagged-name.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { names } from "../names.ts";
import type { Backing } from "./backup-context.ts";
import type { Scratch } from "./backup-job-record.ts";
import type { PlacedDisk } from "./backup-place.ts";

/** A scratch file that is nearly empty takes this much; less room than that is certain to be too little. */
const leastBytes = 1024 ** 2;

/** What the names of this run's scratch files of a machine begin with: they say whose they are, for libvirt keeps no note. */
const scratchPrefix = (c: Backing): string =>
  taggedName(c.tag, `${c.target.providerId}-`) ?? `${c.name({ ...names, max: 96 })}-`;

/** The scratch volume of one disk in one run: the name is what finds it again. */
const scratchName = (c: Backing, disk: string): string => `${scratchPrefix(c)}${disk}${scratchSuffix}`;

const scratchSuffix = ".scratch";

/** The machine's UUID in the label of a scratch file's name; undefined for another file. */
export const scratchOwner = (label: string): string | undefined => pattern.exec(label)?.[1];

const pattern = /^([0-9a-f-]{36})-.+\.scratch$/;

/**
 * Files that take what the guest overwrites during the copy, one for each disk and beside it. As volumes of a pool they are
 * made here, before the freeze, for that is what takes time in a backup's begin. libvirt takes files that exist for all disks
 * or for none: where a pool misses one disk, it makes and removes all of them itself.
 */
export const prepareScratch = async (
  c: Backing,
  disks: readonly PlacedDisk[],
): Promise<{ readonly scratch: ReadonlyMap<string, Scratch>; readonly notes: readonly string[] }> => {
  const pooled = disks.filter((disk): disk is PooledDisk => disk.volume !== undefined && disk.bytes !== undefined);
  if (pooled.length < disks.length) {
    const beside = disks.map(({ name, path }) => [name, { path: besidePath(c, path, name), pool: null }] as const);
    return { scratch: new Map(beside), notes: [] };
  }
  const notes = await checkRoom(c, pooled);
  const scratch = await Promise.all(pooled.map(async (disk) => [disk.name, await makeScratch(c, disk)] as const));
  return { scratch: new Map(scratch), notes };
};

const besidePath = (c: Backing, path: string, disk: string): string =>
  `${path.slice(0, path.lastIndexOf("/"))}/${scratchName(c, disk)}`;

/** Disks of which a volume can be made as large as they are. */
type PooledDisk = PlacedDisk & { readonly volume: VolumeRef; readonly bytes: number };

const makeScratch = async (c: Backing, { name, volume, bytes }: PooledDisk): Promise<Scratch> => {
  const { pools, volumes } = c.api.libvirt;
  const options = { signal: c.signal };
  const pool = await pools.byVolume(volume, options);
  // What an earlier try left may hold old blocks, which the copy would read.
  await removeVolume(c, pool, scratchName(c, name));
  const xml =
    `<volume><name>${escapeXml(scratchName(c, name))}</name><capacity unit='bytes'>${bytes}</capacity>` +
    "<allocation unit='bytes'>0</allocation><target><format type='qcow2'/></target></volume>";
  const made = await volumes.create(pool, xml, 0, options);
  return { path: await volumes.path(made, options), pool: pool.name };
};

const removeVolume = async (c: Backing, pool: PoolRef, name: string): Promise<void> => {
  const { volumes } = c.api.libvirt;
  const found = await orUndefined(volumes.byName(pool, name, { signal: c.signal }), "no-storage-volume");
  if (found !== undefined) await orUndefined(volumes.delete(found, { signal: c.signal }), "no-storage-volume");
};

/** Refuses what is certain to fail, and tells what may: a guest that rewrites all its disks needs their size again. */
const checkRoom = async (c: Backing, disks: readonly PooledDisk[]): Promise<readonly string[]> => {
  const notes: string[] = [];
  for (const [name, inside] of Map.groupBy(disks, ({ volume }) => volume.pool)) {
    const pool = await c.api.libvirt.pools.byName(name, { signal: c.signal });
    const { available } = await c.api.libvirt.pools.info(pool, { signal: c.signal });
    if (available < inside.length * leastBytes)
      throw failure(
        "quota-exceeded",
        `The pool ${name} has ${available} bytes left. A backup needs room there for what the guest overwrites while it is ` +
          "copied, at least 1 MiB for each disk. Free some room, then back up again.",
      );
    if (available < inside.reduce((sum, { bytes }) => sum + bytes, 0))
      notes.push(
        `The pool ${name} has ${mib(available)} MiB for what the guest overwrites during the copy. Should it overwrite more, ` +
          "it stands still until the backup is given up.",
      );
  }
  return notes;
};

const mib = (bytes: number): number => Math.floor(bytes / 1024 ** 2);

/** Deletes this run's scratch volumes of a machine, in whatever active pool they are. None there is success. */
export const removeScratch = async (c: Backing): Promise<void> => {
  const { pools, volumes } = c.api.libvirt;
  const prefix = scratchPrefix(c);
  const active = await pools.list(poolListFlags.active, { signal: c.signal });
  for (const pool of active) {
    const all = await volumes.list(pool, { signal: c.signal });
    for (const { name } of all)
      if (name.startsWith(prefix) && name.endsWith(scratchSuffix)) await removeVolume(c, pool, name);
  }
};
