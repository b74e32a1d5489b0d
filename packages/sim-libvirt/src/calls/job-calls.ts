import { findDomain, mustBeActive } from "../domain/find-domain.ts";
import { failure } from "../failure/failure.ts";
import type { Handlers } from "./call.ts";

const nothing = {
  type: 0,
  timeElapsed: 0n,
  timeRemaining: 0n,
  dataTotal: 0n,
  dataProcessed: 0n,
  dataRemaining: 0n,
  memoryTotal: 0n,
  memoryProcessed: 0n,
  memoryRemaining: 0n,
  fileTotal: 0n,
  fileProcessed: 0n,
  fileRemaining: 0n,
};

/** Background jobs of a domain. The jobs that a call waits for are over when these are answered. */
export const jobCalls: Handlers = {
  domainGetJobInfo: ({ domain }, { host }) => {
    mustBeActive(findDomain(host, domain));
    return nothing;
  },
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
