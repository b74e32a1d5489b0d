import { createDomain } from "../domain/create-domain.ts";
import { isActive, type Domain } from "../domain/domain.ts";
import { findDomain, mustBeActive, toDomainRef } from "../domain/find-domain.ts";
import { checkDisks, emitLifecycle, powerOff, powerOn } from "../domain/power.ts";
import { normalizeDomain } from "../domain/normalize-domain.ts";
import { withNvram } from "../domain/nvram.ts";
import { startOrForget } from "../domain/start-or-forget.ts";
import { sameDomain } from "../domain/same-domain.ts";
import { failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import type { XmlElement } from "../xml/element.ts";
import type { Host } from "../host/host.ts";
import { sleep } from "../host/clock.ts";
import { continueRun } from "../saving/saved-run.ts";
import type { Call, Handlers } from "./call.ts";
import { monitorJob } from "./jobs.ts";
import { readXml } from "./read-xml.ts";

const createFlags = { paused: 1, autodestroy: 2, bypassCache: 4, forceBoot: 8, validate: 16 };

/** Starting, stopping and pausing. */
export const powerCalls: Handlers = {
  domainSuspend: ({ domain: ref }, call) => {
    const domain = findDomain(call.host, ref);
    return monitorJob(domain, call, async () => {
      mustBeAwake(domain);
      await sleep(call.host.clock, call.host.settings.delays.suspendMs);
      // It may have been destroyed meanwhile.
      mustBeAwake(domain);
      if (domain.state.name === "paused") return;
      pause(call.host, domain);
    });
  },
  domainResume: ({ domain: ref }, call) => {
    const domain = findDomain(call.host, ref);
    return monitorJob(domain, call, async () => {
      mustBeAwake(domain);
      if (domain.state.name === "running") throw failure("operation-invalid", "qemu", "domain is already running");
      await sleep(call.host.clock, call.host.settings.delays.resumeMs);
      mustBeAwake(domain);
      unpause(call.host, domain);
    });
  },
  domainCreateWithFlags: ({ domain: ref, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0b11111, "qemuDomainCreateWithFlags");
    return monitorJob(domain, call, async () => {
      if (isActive(domain)) throw failure("operation-invalid", "qemu", "domain is already running");
      await sleep(call.host.clock, call.host.settings.delays.startMs);
      const { managedSave } = domain;
      if (managedSave !== undefined && (flags & createFlags.forceBoot) === 0) {
        continueRun(call.host, domain, managedSave);
        domain.managedSave = undefined;
      } else bootUp(call.host, domain, (flags & createFlags.paused) !== 0);
      if ((flags & createFlags.autodestroy) !== 0) destroyWith(call, domain);
      return { domain: toDomainRef(domain) };
    });
  },
  domainCreateXml: ({ xml, flags }, call) => {
    checkFlags(flags, 0b11111, "qemuDomainCreateXML");
    const given = readXml(xml, "domain_definition", "domain");
    const config = withNvram(call.host, normalizeDomain(given, call.host.random));
    const domain = startableDomain(call.host, config);
    return monitorJob(domain, call, () => {
      startOrForget(call.host, domain, () => bootUp(call.host, domain, (flags & createFlags.paused) !== 0, config));
      if ((flags & createFlags.autodestroy) !== 0) destroyWith(call, domain);
      return { domain: toDomainRef(domain) };
    });
  },
  // A destroy does not wait for a job: it is what ends one that hangs.
  domainDestroyFlags: async ({ domain: ref, flags }, { host }) => {
    const domain = findDomain(host, ref);
    checkFlags(flags, 1, "qemuDomainDestroyFlags");
    mustBeActive(domain);
    await sleep(host.clock, host.settings.delays.stopMs);
    mustBeActive(domain);
    destroy(host, domain);
  },
  domainShutdownFlags: ({ domain: ref }, { host }) => {
    const domain = findDomain(host, ref);
    if (domain.state.name !== "running") throw failure("operation-invalid", "qemu", "domain is not running");
    // A frozen guest cannot sync its disks, so it never ends.
    if (domain.guest.filesystems.frozen.length > 0) return;
    const { live } = domain;
    host.clock.after(host.settings.delays.shutdownMs, () => {
      // Not the next run of the same domain.
      if (domain.live === live) shutDown(host, domain);
    });
  },
};

const destroy = (host: Host, domain: Domain): void => {
  emitLifecycle(host, domain, "shutdown", "host");
  powerOff(host, domain, { name: "shutoff", reason: "destroyed" });
  emitLifecycle(host, domain, "stopped", "destroyed");
};

/** This run ends with the connection that began it. */
const destroyWith = ({ host, session }: Call, domain: Domain): void => {
  const { id } = domain;
  session.onEnd(() => {
    if (domain.id === id) destroy(host, domain);
  });
};

/** @throws {Failure} operation-invalid */
const mustBeAwake = (domain: Domain): void => {
  mustBeActive(domain);
  if (domain.state.name === "pmsuspended") throw failure("operation-invalid", "qemu", "domain is pmsuspended");
};

const pause = (host: Host, domain: Domain): void => {
  domain.guest.pause();
  domain.state = { name: "paused", reason: "user" };
  emitLifecycle(host, domain, "suspended", "paused");
};

const unpause = (host: Host, domain: Domain): void => {
  domain.guest.run();
  domain.state = { name: "running", reason: "unpaused" };
  emitLifecycle(host, domain, "resumed", "unpaused");
};

/** The domain that a definition starts: a new one that is gone when it stops, or a known one that is off. @throws {Failure} */
const startableDomain = (host: Host, config: XmlElement): Domain => {
  const known = sameDomain(host, config);
  if (known === undefined) {
    const domain = createDomain(host, config);
    domain.persistent = false;
    return domain;
  }
  if (isActive(known)) throw failure("operation-invalid", "domain", `domain '${known.name}' is already active`);
  return known;
};

const bootUp = (host: Host, domain: Domain, paused: boolean, definition = domain.config): void => {
  try {
    checkDisks(definition);
  } catch (error) {
    domain.state = { name: "shutoff", reason: "failed" };
    throw error;
  }
  powerOn(host, domain, definition);
  domain.managedSave = undefined;
  if (paused) {
    domain.state = { name: "paused", reason: "user" };
    emitLifecycle(host, domain, "started", "booted");
    emitLifecycle(host, domain, "suspended", "paused");
    return;
  }
  domain.guest.run();
  domain.state = { name: "running", reason: "booted" };
  emitLifecycle(host, domain, "resumed", "unpaused");
  emitLifecycle(host, domain, "started", "booted");
};

const shutDown = (host: Host, domain: Domain): void => {
  if (domain.state.name !== "running") return;
  emitLifecycle(host, domain, "shutdown", "guest");
  powerOff(host, domain, { name: "shutoff", reason: "shutdown" });
  emitLifecycle(host, domain, "stopped", "shutdown");
};
