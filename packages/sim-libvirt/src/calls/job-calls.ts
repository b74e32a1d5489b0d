import { findDomain, mustBeActive } from "../domain/find-domain.ts";
import { failure } from "../failure/failure.ts";
import type { Handlers } from "./call.ts";

/** Background jobs of a domain. The jobs that a call waits for are over when these are answered. */
export const jobCalls: Handlers = {
  domainGetJobStats: ({ domain: ref, flags }, { host }) => {
    const domain = findDomain(host, ref);
    const completed = (flags & 1) !== 0;
    if (!completed) mustBeActive(domain);
    return { type: 0, params: [] };
  },
  domainAbortJob: ({ domain: ref }, { host }) => {
    mustBeActive(findDomain(host, ref));
    throw failure("operation-invalid", "qemu", "no job is active on the domain");
  },
};
