import { failure, type Polled } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import { jobOf } from "../api/job.ts";
import type { Reader } from "../client/session.ts";

interface Asking {
  readonly api: Reader;
  readonly target: { readonly providerId: string };
  readonly signal: AbortSignal;
}

/** Fails at once where libvirt would wait 30 s for the other job and then fail. */
export const assertIdle = async ({ api, signal }: Asking, domain: DomainRef): Promise<void> => {
  const job = await jobOf(api.libvirt, domain, { signal });
  if (job === undefined) return;
  const what = job === "unknown" ? "A job" : `A job of the kind ${job}`;
  throw failure(
    "unavailable",
    `${what} holds ${domain.name}. It is shown by: virsh domjobinfo ${domain.name}. ` +
      `If nobody waits for it any more, end it: virsh domjobabort ${domain.name}`,
    { retry: "later" },
  );
};

/** For `poll`: whether the job that our call started still goes on. */
export const pollJob = async ({ api, target, signal }: Asking): Promise<Polled> => {
  const domain = await api.libvirt.domains.byUuid(target.providerId, { signal });
  const job = await jobOf(api.libvirt, domain, { signal });
  return job === undefined ? { is: "finished" } : { is: "running", againMs: 500 };
};
