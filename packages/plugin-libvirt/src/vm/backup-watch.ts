import { failure, type ProviderFailure } from "@quiesce/core";
import { endJob } from "./backup-end.ts";
import type { Backing } from "./backup-context.ts";
import { ownJob } from "./backup-job.ts";
import type { BackupJobRecord } from "./backup-job-record.ts";

const everyMs = 1000;

export interface Watch extends AsyncDisposable {
  /** Does a part of the copy; it is given up, with the reason as its error, when the job cannot go on. */
  during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/**
 * Looks every second whether the guest stands still because the scratch file is full. Then it ends the job at once, for the
 * guest is worth more than its backup, and lets the guest go on.
 */
export const watchJob = (c: Backing, job: BackupJobRecord): Watch => {
  const given = new AbortController();
  const stopped = Promise.withResolvers<"stopped">();
  const signal = AbortSignal.any([c.signal, given.signal]);
  const looking = look(c, job, given, stopped.promise);
  return {
    during: async (work) => {
      try {
        signal.throwIfAborted();
        return await work(signal);
      } catch (thrown) {
        if (given.signal.aborted) throw given.signal.reason;
        throw (await ownJob(c, job.host)) === undefined ? jobGone(job) : thrown;
      }
    },
    [Symbol.asyncDispose]: async () => {
      stopped.resolve("stopped");
      await looking;
    },
  };
};

const look = async (
  c: Backing,
  job: BackupJobRecord,
  given: AbortController,
  stopped: Promise<"stopped">,
): Promise<void> => {
  try {
    while ((await Promise.race([stopped, c.sleep(everyMs)])) !== "stopped") {
      const { state, reason } = await c.api.libvirt.domains.state(job.host, { signal: c.signal });
      if (state !== "paused" || reason !== "io-error") continue;
      given.abort(noRoom(job));
      await endJob(c, job.host);
      return;
    }
  } catch (thrown) {
    // Where the job could not be ended, its release does it.
    given.abort(thrown);
  }
};

const noRoom = (job: BackupJobRecord): ProviderFailure =>
  failure(
    "quota-exceeded",
    `The backup of ${job.name} was given up: there was no room left for what the guest overwrote while its disks were copied, ` +
      `and the guest stood still (scratch files: ${job.disks.map(({ scratch }) => scratch.path).join(", ")}). It runs again. ` +
      "Free some room there, or back up when the guest writes less.",
  );

const jobGone = ({ name }: BackupJobRecord): ProviderFailure =>
  failure(
    "conflict",
    `The backup job of ${name} ended before its disks were copied: the machine was stopped, or somebody ended the job. Back up again.`,
  );
