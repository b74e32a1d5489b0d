import type { HoldingCaptureHandler, Input, Sighting, Target } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { beginBackup, capturedOutcome } from "./backup-begin.ts";
import type { Looking } from "./backup-context.ts";
import { copyDisks } from "./backup-copy.ts";
import { ownJob } from "./backup-job.ts";
import { readJobRecord, type BackupJobRecord } from "./backup-job-record.ts";
import { prepareBackup } from "./backup-prepare.ts";
import { releaseBackup } from "./backup-release.ts";
import { foundAgain, storedOutcome } from "./backup-stored.ts";

const pollMs = 250;

/**
 * A backup of all disks of a machine by a pull job of libvirt: the content is fixed by one call in the freeze window, and its
 * bytes are read from QEMU's NBD server afterwards, while the guest works on.
 */
export const backupCreate: HoldingCaptureHandler<Reader, Writer, Input<"backup.create", Options>, Target<"vm">> = {
  prepare: prepareBackup,
  act: beginBackup,
  complete: (c, captured) => copyDisks(c, readJobRecord(captured)),
  release: releaseBackup,
  poll: async (c) => {
    const seen = await sighted(c, readJobRecord(c.input.prepared));
    return seen.is === "running" ? { is: "running", againMs: pollMs } : { is: "finished" };
  },
  observe: async (c) => {
    const { captured, prepared } = c.input;
    if (captured !== undefined) {
      const outcome = await storedOutcome(c, readJobRecord(captured));
      if (outcome !== undefined) return { is: "done", outcome };
    }
    const known = captured ?? prepared;
    if (known === undefined) return { is: "absent" };
    const job = readJobRecord(known);
    return captured === undefined ? ((await adopted(c, job)) ?? (await sighted(c, job))) : await sighted(c, job);
  },
};

/** A capture of this very run that is whole already, found again by a journal that lost it. */
const adopted = async (c: Looking, job: BackupJobRecord): Promise<Sighting | undefined> => {
  const found = await foundAgain(c, job);
  return found === undefined ? undefined : { is: "done", outcome: capturedOutcome(c, found) };
};

/** A job of ours that goes on: the content is fixed as soon as all its disks are exported, which QEMU does last. */
const sighted = async (c: Looking, job: BackupJobRecord): Promise<Sighting> => {
  const running = await ownJob(c, job.host);
  if (running === undefined) return { is: "absent" };
  const exported = await c.api.listExports(job.socket, c.signal);
  if (!job.disks.every(({ name }) => exported.includes(name))) return { is: "running", ticket: { waits: "backup" } };
  const since = new Map(running.disks.map((disk) => [disk.name, disk.since ?? null]));
  const disks = job.disks.map((disk) => ({ ...disk, since: since.get(disk.name) ?? null }));
  return { is: "done", whole: false, outcome: capturedOutcome(c, { ...job, disks }) };
};
