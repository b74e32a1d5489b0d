import { failure } from "@quiesce/core";
import { isLibvirtError, type DomainRef } from "@quiesce/node-libvirt";
import type { BackupJob } from "../api/backup-job.ts";
import type { Writer } from "../client/session.ts";
import type { Backing } from "./backup-context.ts";
import { backupJobOf, isOwnJob } from "./backup-job.ts";
import { removeScratch } from "./backup-scratch.ts";

const pollMs = 50;
const patienceMs = 20_000;
const tries = 5;
const betweenMs = 300;

export interface Ending {
  readonly api: Writer;
  readonly signal: AbortSignal;
  sleep(ms: number): Promise<void>;
}

/** Ends this run's job on a domain, if there is one, and waits until it is gone. */
export const endJob = (c: Backing, host: DomainRef): Promise<"ended" | "none"> =>
  endBackupJob(c, host, { isOurs: (job) => isOwnJob(c, job), makeRoom: () => removeScratch(c) });

interface Ours {
  /** Looked at again and again: another's job may follow ours. */
  isOurs(job: BackupJob): boolean;
  /** Removes the scratch files, which take the room of the disks. */
  makeRoom(): Promise<void>;
}

/**
 * Ends a backup job. A guest that stood still because a scratch file had no more room goes on, after those files have gone:
 * they take the room of its disks.
 */
export const endBackupJob = async (
  c: Ending,
  host: DomainRef,
  { isOurs, makeRoom }: Ours,
): Promise<"ended" | "none"> => {
  const isThere = async (): Promise<boolean> => {
    const job = await backupJobOf(c, host);
    return job !== undefined && isOurs(job);
  };
  if (!(await isThere())) return "none";
  await c.api.libvirt.domains.abortJob(host, { signal: c.signal }).catch(unlessGone);
  for (let waited = 0; await isThere(); waited += pollMs) {
    if (waited >= patienceMs) throw stubborn(host);
    await c.sleep(pollMs);
  }
  if (await standsStill(c, host)) {
    await makeRoom();
    await letGoOn(c, host);
  }
  return "ended";
};

/** Where libvirt made the files itself, it removes them a moment after the job: until then the guest may stop again. */
const letGoOn = async (c: Ending, host: DomainRef): Promise<void> => {
  for (let left = tries; left > 0 && (await standsStill(c, host)); left -= 1) {
    await c.api.libvirt.domains.resume(host, { signal: c.signal }).catch(unlessGone);
    await c.sleep(betweenMs);
  }
};

const standsStill = async (c: Ending, host: DomainRef): Promise<boolean> => {
  const { state, reason } = await c.api.libvirt.domains.state(host, { signal: c.signal });
  return state === "paused" && reason === "io-error";
};

const stubborn = ({ name }: DomainRef) =>
  failure("unavailable", `The backup job of ${name} does not end. It is shown by: virsh domjobinfo ${name}`, {
    retry: "later",
  });

/** It may end by itself in between. */
const unlessGone = (thrown: unknown): void => {
  if (!isLibvirtError(thrown, "operation-invalid", "no-domain")) throw thrown;
};
