import type { DomainRef } from "@quiesce/node-libvirt";
import { jobOf } from "../api/job.ts";
import type { Reader } from "../client/session.ts";
import { settleMs } from "../settle-ms.ts";

interface Waiting {
  readonly api: Pick<Reader, "libvirt">;
  readonly signal: AbortSignal;
  sleep(ms: number): Promise<void>;
}

/** libvirt lets a call wait 30 s for another job (`QEMU_JOB_WAIT_TIME`), and the time since it was sent counts too. */
const queueMs = 25_000;

const pollMs = 100;

/**
 * Waits until no call of a process that died can come true any more on these machines: for the settle time, and as long as a job
 * holds one of them, behind which a call may wait. `seen` ends it early: what it looks for is there.
 */
export const untilQuiet = async (
  c: Waiting,
  hosts: readonly DomainRef[],
  seen: () => Promise<boolean>,
): Promise<void> => {
  for (let waited = 0; !(await seen()); waited += pollMs) {
    const limit = (await isBusy(c, hosts)) ? queueMs : settleMs;
    if (waited >= limit) return;
    await c.sleep(pollMs);
  }
};

const isBusy = async ({ api, signal }: Waiting, hosts: readonly DomainRef[]): Promise<boolean> => {
  const jobs = await Promise.all(hosts.map((host) => jobOf(api.libvirt, host, { signal })));
  return jobs.some((job) => job !== undefined);
};
