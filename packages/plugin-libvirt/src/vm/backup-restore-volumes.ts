import { failure, type DiskSource } from "@quiesce/core";
import type { VolumeRef } from "@quiesce/node-libvirt";
import { bytesSource } from "../api/bytes-source.ts";
import type { NewSource } from "../api/restored-definition.ts";
import type { BackupRecord, RecordedDisk } from "./backup-record.ts";
import type { Restoring } from "./backup-restore-context.ts";
import { newDisk, type DiskPlace } from "./backup-restore-disk.ts";
import { isSparse, placeOf, poolOf, type Naming } from "./backup-restore-place.ts";
import { assertRoom } from "./backup-restore-room.ts";
import type { MadeVolume } from "./backup-restore-mark.ts";
import type { NewVolumes } from "./new-volumes.ts";

/** What a machine's definition gets in place of its old disks. */
export interface RestoredVolumes {
  /** By the disk's name inside the machine. */
  readonly disks: ReadonlyMap<string, NewSource>;
  readonly nvram: string | undefined;
  /** Those among them that this restore made. */
  readonly made: readonly MadeVolume[];
}

/** All new volumes of a machine, whole and read back. Nothing of the machine itself is touched. */
export const restoreVolumes = async (
  c: Restoring,
  record: BackupRecord,
  naming: Naming,
  made: NewVolumes,
): Promise<RestoredVolumes> => {
  await using sources = new AsyncDisposableStack();
  const wanted: { readonly disk: RecordedDisk; readonly source: DiskSource; readonly place: DiskPlace }[] = [];
  for (const disk of record.disks) {
    const source = await c.repository.openDisk(disk.id);
    sources.defer(() => source.close());
    assertSize(disk, source);
    wanted.push({ disk, source, place: await placeOf(c, disk, naming) });
  }
  await assertRoom(c, wanted);
  const disks = new Map<string, NewSource>();
  for (const { disk, source, place } of wanted)
    disks.set(disk.name, await sourceOf(c, await newDisk(c, source, place, made)));
  const nvram = await restoreNvram(c, record, naming, made);
  const all = [...disks.values(), ...(nvram === undefined ? [] : [nvram])];
  return {
    disks,
    nvram: nvram?.path,
    made: all.map(({ pool, volume: name, path }) => ({ pool, name, path })).filter((volume) => made.has(volume)),
  };
};

const assertSize = ({ name, id, bytes }: RecordedDisk, source: DiskSource): void => {
  if (source.bytes === bytes) return;
  throw failure(
    "damaged",
    `Disk ${name} (${id}) has ${source.bytes} bytes in the repository, and ${bytes} were captured. Nothing was touched.`,
  );
};

const sourceOf = async ({ api, signal }: Restoring, volume: VolumeRef): Promise<NewSource> => {
  const [path, { type }] = await Promise.all([
    api.libvirt.volumes.path(volume, { signal }),
    api.libvirt.volumes.info(volume, { signal }),
  ]);
  return { type: type === "block" ? "block" : "file", path, pool: volume.pool, volume: volume.name };
};

/** UEFI variables get a new file too: the old ones go with the old disks. */
const restoreNvram = async (
  c: Restoring,
  { nvram }: BackupRecord,
  { base }: Naming,
  made: NewVolumes,
): Promise<NewSource | undefined> => {
  if (nvram === null) return undefined;
  const content = await c.repository.readFile(nvram.id);
  const pool = await poolOf(c, null, nvram.path, "the file with the UEFI variables");
  const as = { format: "raw", sparse: await isSparse(c, pool), permissions: undefined };
  const place: DiskPlace = { pool, own: `${base}-nvram.fd`, old: undefined, as };
  return await sourceOf(c, await newDisk(c, bytesSource(content), place, made));
};
