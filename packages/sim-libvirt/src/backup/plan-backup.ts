import { existsSync, statSync } from "node:fs";
import { diskFormat } from "../disk/disk-image.ts";
import type { DirtyBitmap } from "../disk/dirty-bitmap.ts";
import { Drive } from "../disk/drive.ts";
import { disksOf, type DomainDisk } from "../domain/domain-disks.ts";
import type { Domain } from "../domain/domain.ts";
import { failure, type Failure } from "../failure/failure.ts";
import type { BackupMode, BackupRequest, DiskBackupRequest } from "./backup-request.ts";

/** A disk that a backup takes. */
export interface DiskBackup {
  readonly drive: Drive;
  readonly target: string;
  /** Bytes. */
  readonly size: number;
  /** The checkpoint since which changes count; `undefined` for all content. */
  readonly incremental: string | undefined;
  /** What has changed since then. */
  readonly changed: DirtyBitmap | undefined;
  readonly exportName: string;
  readonly exportBitmap: string | undefined;
  /** Scratch file or target. */
  readonly store: string;
  readonly format: string;
}

/** The disks of a backup, and those that it leaves out. */
export interface BackupPlan {
  readonly mode: BackupMode;
  readonly incremental: string | undefined;
  readonly socket: string | undefined;
  readonly disks: readonly (DiskBackup | { readonly leftOut: string })[];
}

export const chosenDisks = ({ disks }: BackupPlan): readonly DiskBackup[] => disks.filter((disk) => "drive" in disk);

/**
 * Checks what is asked against the running domain. `suffix` ends the names of files that the client has not named.
 * @throws {Failure}
 */
export const planBackup = (domain: Domain, request: BackupRequest, suffix: string, reuse: boolean): BackupPlan => {
  const disks = disksOf(domain.live ?? domain.config);
  mustBeDisks(disks, request.disks ?? []);
  const planned = disks.map((disk) => planDisk(domain, disk, request, suffix));
  const plan = { mode: request.mode, incremental: request.incremental, socket: request.socket, disks: planned };
  const chosen = chosenDisks(plan);
  if (chosen.length === 0) throw failure("config-unsupported", "qemu", "no disks selected for backup");
  for (const disk of chosen) mustFitStore(disk, request.mode, reuse);
  return plan;
};

const mustBeDisks = (disks: readonly DomainDisk[], requests: readonly DiskBackupRequest[]): void => {
  const seen = new Set<string>();
  for (const { name } of requests) {
    const disk = disks.find((candidate) => candidate.target === name || candidate.path === name);
    if (disk === undefined) throw failure("config-unsupported", "domain", `no disk named '${name}'`);
    if (seen.has(disk.target)) throw failure("config-unsupported", "domain", `disk '${name}' specified twice`);
    seen.add(disk.target);
  }
};

const planDisk = (
  domain: Domain,
  disk: DomainDisk,
  request: BackupRequest,
  suffix: string,
): BackupPlan["disks"][number] => {
  const { target, path, format } = disk;
  const asked = request.disks?.find(({ name }) => name === target || name === path);
  const wanted = request.disks === undefined ? domain.drives.has(target) : asked?.backup === true;
  if (!wanted) return { leftOut: target };
  const drive = domain.drives.get(target) ?? readOnlyDrive(disk);
  if (drive === undefined) throw failure("config-unsupported", "qemu", `disk '${target}' has no file`);
  const full = asked?.backupMode === "full";
  const incremental = full ? undefined : (asked?.incremental ?? request.incremental);
  if (domain.blockJobs.has(target)) throw failure("internal-error", "qemu", `disk '${target}' has a blockjob assigned`);
  return {
    drive,
    target,
    size: statSync(drive.path).size,
    incremental,
    changed: incremental === undefined ? undefined : changesSince(domain, drive, incremental),
    exportName: asked?.exportName ?? target,
    exportBitmap: asked?.exportBitmap ?? (incremental === undefined ? undefined : `backup-${target}`),
    store: asked?.store ?? `${drive.path}.${suffix}`,
    format: asked?.format ?? (request.mode === "push" ? format : "qcow2"),
  };
};

/** QEMU exports the blocks of a disk that it has open for reading only, too. */
const readOnlyDrive = ({ target, format, path }: DomainDisk): Drive | undefined =>
  path === undefined ? undefined : new Drive({ target, format, path, readonly: true });

const changesSince = (domain: Domain, { target, bitmaps }: Drive, name: string): DirtyBitmap => {
  const checkpoint = domain.checkpoints.get(name);
  if (checkpoint === undefined) {
    const text = `Checkpoint '${name}' for incremental backup of disk '${target}' not found`;
    throw failure("no-checkpoint", "qemu", text);
  }
  const bitmap = checkpoint.disks.find((disk) => disk.name === target)?.bitmap ?? name;
  const recorded = bitmaps.good.get(bitmap);
  if (recorded !== undefined) return new Set(recorded);
  throw failure("checkpoint-inconsistent", "qemu", `missing or broken bitmap '${bitmap}' for disk '${target}'`);
};

/** A file of the client's own must be there, a new one must not. */
const mustFitStore = ({ store, target, size, format, changed }: DiskBackup, mode: BackupMode, reuse: boolean): void => {
  if (!reuse) {
    if (!existsSync(store)) return;
    throw failure("invalid-argument", "qemu", `store '${store}' for backup of '${target}' exists`);
  }
  if (!existsSync(store)) throw refusedByQemu("blockdev-add", `Could not open '${store}': No such file or directory`);
  if (format === "qcow2" && diskFormat(store) !== "qcow2")
    throw refusedByQemu("blockdev-add", "Image is not in qcow2 format");
  const has = statSync(store).size;
  if (has !== size && changed !== undefined && mode === "pull") {
    const text = `Bitmaps are of different sizes (destination size is ${has}, source size is ${size}) and can't be merged`;
    throw refusedByQemu("transaction", text);
  }
  if (has < size) throw refusedByQemu("transaction", "Source and target image have different sizes");
};

const refusedByQemu = (command: string, reason: string): Failure =>
  failure("internal-error", "qemu", `unable to execute QEMU command '${command}': ${reason}`);
