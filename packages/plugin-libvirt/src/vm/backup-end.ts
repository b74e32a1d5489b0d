import { failure } from "@quiesce/core";
import { isLibvirtError, type DomainRef } from "@quiesce/node-libvirt";
import type { Backing } from "./backup-context.ts";
import { ownJob } from "./backup-job.ts";

const pollMs = 50;
const patienceMs = 20_000;

/** Ends this run's job on a domain, if there is one, waits until it is gone, and lets a guest go on that it had stopped. */
export const endJob = async (c: Backing, host: DomainRef): Promise<"ended" | "none"> => {
  const { domains } = c.api.libvirt;
  if ((await ownJob(c, host)) === undefined) return "none";
  await domains.abortJob(host, { signal: c.signal }).catch(unlessGone);
  for (let waited = 0; (await ownJob(c, host)) !== undefined; waited += pollMs) {
    if (waited >= patienceMs)
      throw failure(
        "unavailable",
        `The backup job of ${host.name} does not end. It is shown by: virsh domjobinfo ${host.name}`,
        {
          retry: "later",
        },
      );
    await c.sleep(pollMs);
  }
  await letGoOn(c, host);
  return "ended";
};

/** A guest whose write found no room stands still, even when there is room again. */
const letGoOn = async (c: Backing, host: DomainRef): Promise<void> => {
  const { domains } = c.api.libvirt;
  const { state, reason } = await domains.state(host, { signal: c.signal });
  if (state === "paused" && reason === "io-error") await domains.resume(host, { signal: c.signal });
};

/** It may end by itself in between. */
const unlessGone = (thrown: unknown): void => {
  if (!isLibvirtError(thrown, "operation-invalid", "no-domain")) throw thrown;
};
