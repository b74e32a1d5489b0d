import { jobInfo, runningJobStats } from "../domain/background-job.ts";
import { findDomain, mustBeActive } from "../domain/find-domain.ts";
import { failure } from "../failure/failure.ts";
import type { Handlers } from "./call.ts";
import { monitorJob } from "./jobs.ts";

const statsFlags = { completed: 1, keep: 2 };

/** Jobs that go on after the call that began them. */
export const jobCalls: Handlers = {
  domainGetJobStats: ({ domain: ref, flags }, call) => {
    const domain = findDomain(call.host, ref);
    if ((flags & statsFlags.completed) === 0) {
      mustBeActive(domain);
      return monitorJob(domain, call, () => runningJobStats(call.host, domain));
    }
    const { completedJob } = domain;
    if ((flags & statsFlags.keep) === 0) domain.completedJob = undefined;
    return completedJob ?? { type: 0, params: [] };
  },
  domainAbortJob: ({ domain: ref }, { host }) => {
    const domain = findDomain(host, ref);
    mustBeActive(domain);
    if (domain.job === undefined) throw failure("operation-invalid", "qemu", "no job is active on the domain");
    // As in libvirt 9.0, where the end of a pull backup by its abort is a success.
    domain.job.finish({ success: domain.job.work.mode === "pull", message: "Operation canceled" });
  },
  domainGetJobInfo: ({ domain: ref }, call) => {
    const domain = findDomain(call.host, ref);
    mustBeActive(domain);
    return monitorJob(domain, call, () => jobInfo(call.host, domain));
  },
};
