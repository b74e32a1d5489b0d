import { failure, type DiskSource, type PutDisk } from "@quiesce/core";
import { changesBitmap } from "../api/backup-job.ts";
import { storedDisk } from "./backup-base.ts";
import type { Backing } from "./backup-context.ts";
import type { BackupJobRecord, JobDisk } from "./backup-job-record.ts";
import { keepNvram } from "./backup-nvram.ts";
import { watchJob } from "./backup-watch.ts";

/**
 * Moves the bytes: each disk from QEMU's NBD server into the repository, and the UEFI variables. What an earlier try stored
 * whole is left alone. All the while it looks whether the guest can go on.
 */
export const copyDisks = async (c: Backing, job: BackupJobRecord): Promise<void> => {
  await using watch = watchJob(c, job);
  for (const disk of job.disks) {
    if ((await c.repository.find(disk.name)) !== undefined) continue;
    await watch.during((signal) => copyDisk(c, job, disk, signal));
  }
  await keepNvram(c, job);
};

const copyDisk = async (c: Backing, job: BackupJobRecord, disk: JobDisk, signal: AbortSignal): Promise<void> => {
  const source = await c.api.openExport(
    job.socket,
    { name: disk.name, changes: disk.since === null ? undefined : changesBitmap },
    signal,
  );
  try {
    const parent = parentOf(c, disk);
    const report: PutDisk["report"] = (progress) => c.report(progress);
    const put = { disk: disk.name, signal, report, ...(parent === undefined ? {} : { parent }) };
    await c.repository.putDisk(put, source satisfies DiskSource);
  } finally {
    await source.close();
  }
};

const parentOf = ({ input }: Backing, { name, since }: JobDisk): string | undefined => {
  if (since === null) return undefined;
  const stored = input.parent === "full" ? undefined : storedDisk(input.parent, name);
  if (stored !== undefined) return stored.id;
  throw failure(
    "protocol",
    `The changes of ${name} since ${since} were captured, but not the set that they belong to.`,
  );
};
