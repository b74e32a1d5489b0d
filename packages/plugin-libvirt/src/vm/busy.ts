import { failure, type Polled } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import { jobOf } from "../api/job.ts";
import type { Reader } from "../client/session.ts";

interface Asking {
  readonly api: Reader;
  readonly target: { readonly providerId: string };
  readonly signal: AbortSignal;
}

const pollMs = 500;

/** Fails at once where libvirt would wait 30 s for the other job and then fail. */
export const assertIdle = async ({ api, signal }: Pick<Asking, "api" | "signal">, domain: DomainRef): Promise<void> => {
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

/** Whether libvirt works on a call of ours right now, such as one that was abandoned at its deadline. */
export const isAt = async (
  { api, signal }: Pick<Asking, "api" | "signal">,
  domain: DomainRef,
  operation: string,
): Promise<boolean> => {
  const job = await jobOf(api.libvirt, domain, { signal });
  return job === operation || job === "unknown";
};

/** For `poll`: whether that call still goes on. */
export const pollJob = async (c: Asking, operation: string): Promise<Polled> => {
  const domain = await c.api.libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
  return (await isAt(c, domain, operation)) ? { is: "running", againMs: pollMs } : { is: "finished" };
};
