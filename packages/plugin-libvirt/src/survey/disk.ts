import type { Disk } from "@quiesce/core";
import type { CallOptions } from "@quiesce/node-libvirt";
import type { DomainDisk } from "../api/disk.ts";
import type { Domain } from "../api/domain.ts";
import type { Reader } from "../client/session.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { backupLimit } from "../vm/backup-disks.ts";
import { isNvramReachable } from "../vm/backup-nvram.ts";
import { diskLimit, writableDisks } from "../vm/snapshot-limits.ts";

type Taken = Disk["captured"]["backup.create"];

/** What a machine has to be captured: its writable disks, and the UEFI variables where nothing can take them. */
export const disksOf = async (
  read: Reader,
  domain: Domain,
  paths: ReadonlyMap<string, string>,
  options: CallOptions,
): Promise<readonly Disk[]> => {
  const disks = writableDisks(domain).map((disk) => diskOf(read, disk, paths.get(disk.name), options));
  return [...(await Promise.all(disks)), ...(await hiddenNvram(read, domain, options))];
};

const diskOf = async (
  { libvirt: { volumes } }: Reader,
  disk: DomainDisk,
  path: string | undefined,
  options: CallOptions,
): Promise<Disk> => {
  const volume = path === undefined ? undefined : await orUndefined(volumes.byPath(path, options), "no-storage-volume");
  const info = volume && (await orUndefined(volumes.info(volume, options), "no-storage-volume"));
  const by = (limit: string | undefined): Taken =>
    limit === undefined ? { by: "vm" } : { by: "nobody", reason: `Disk ${disk.name} ${limit}.` };
  return {
    name: disk.name,
    ...(path === undefined ? {} : { volume: path }),
    ...(info === undefined ? {} : { bytes: info.capacity, usedBytes: info.allocation }),
    captured: { "snapshot.create": by(diskLimit(disk)), "backup.create": by(backupLimit(disk)) },
  };
};

/** libvirt gives files of its host as volumes of a pool only: variables that no pool reaches would silently be left out. */
const hiddenNvram = async (read: Reader, { nvram }: Domain, options: CallOptions): Promise<readonly Disk[]> => {
  if (nvram === undefined || (await isNvramReachable(read, nvram, options))) return [];
  const reason =
    `The UEFI variables (${nvram}) are in no active pool, so they cannot be read. Make a pool of their folder: ` +
    `virsh pool-create-as nvram dir --target ${nvram.replace(/\/[^/]*$/, "")}`;
  const snapshot = "An internal snapshot holds no UEFI variables.";
  return [
    {
      name: "nvram",
      captured: { "snapshot.create": { by: "nobody", reason: snapshot }, "backup.create": { by: "nobody", reason } },
    },
  ];
};
