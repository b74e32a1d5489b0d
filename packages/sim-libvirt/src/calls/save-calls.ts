import { findDomain, mustBeActive } from "../domain/find-domain.ts";
import { emitLifecycle, fallAsleep } from "../domain/power.ts";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { failure, Failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import { stopAndSave } from "../saving/stop-and-save.ts";
import type { Handlers } from "./call.ts";
import { agentJob, askAgent, asyncJob, monitorJob } from "./jobs.ts";
import { goesOn } from "./save-image-calls.ts";

/** Keeping a guest's memory while its domain is off, and sleep inside the guest. */
export const saveCalls: Handlers = {
  domainManagedSave: ({ domain: ref, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0b111, "qemuDomainManagedSave");
    return asyncJob(domain, call, () => {
      mustBeActive(domain);
      if (!domain.persistent) throw failure("operation-invalid", "qemu", "cannot do managed save for transient domain");
      return stopAndSave(call.host, domain, goesOn(flags), (run) => {
        domain.managedSave = run;
      });
    });
  },
  domainHasManagedSaveImage: ({ domain }, { host }) => ({ result: findDomain(host, domain).managedSave !== undefined }),
  domainManagedSaveRemove: ({ domain: ref }, { host }) => {
    const domain = findDomain(host, ref);
    if (domain.managedSave === undefined) {
      const text = `Failed to remove managed save file '${host.dir}/${domain.name}.save': No such file or directory`;
      throw new Failure(errorCodes["system-error"].code, errorDomains.qemu, text);
    }
    domain.managedSave = undefined;
  },
  domainPmSuspendForDuration: ({ domain: ref, target, duration }, call) => {
    const domain = findDomain(call.host, ref);
    if (duration > 0n) throw failure("argument-unsupported", "qemu", "Duration not supported. Use 0 for now");
    if (target !== 0) throw failure("argument-unsupported", "qemu", "only sleep in memory is simulated");
    if (domain.state.name !== "running") throw failure("operation-invalid", "qemu", "domain is not running");
    return agentJob(domain, call, async () => {
      await askAgent(domain, domain.agentTimeout, "guest-suspend-ram");
      fallAsleep(call.host, domain);
    });
  },
  domainPmWakeup: ({ domain: ref }, call) => {
    const domain = findDomain(call.host, ref);
    return monitorJob(domain, call, () => {
      mustBeActive(domain);
      if (domain.state.name !== "pmsuspended") {
        const reason =
          "unable to execute QEMU command 'system_wakeup': Unable to wake up: guest is not in suspended state";
        throw failure("internal-error", "qemu", reason);
      }
      domain.guest.wake();
      domain.state = { name: "running", reason: "wakeup" };
      emitLifecycle(call.host, domain, "started", "wakeup");
    });
  },
};
