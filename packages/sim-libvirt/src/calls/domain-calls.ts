import { createDomain } from "../domain/create-domain.ts";
import { describeDomain } from "../domain/describe-domain.ts";
import { stateNumbers } from "../domain/domain-state.ts";
import { isActive, type Domain } from "../domain/domain.ts";
import { domainByName, findDomain, toDomainRef } from "../domain/find-domain.ts";
import { normalizeDomain } from "../domain/normalize-domain.ts";
import { withNvram } from "../domain/nvram.ts";
import { sameDomain } from "../domain/same-domain.ts";
import { emitLifecycle } from "../domain/power.ts";
import { failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import type { Host } from "../host/host.ts";
import type { XmlElement } from "../xml/element.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Handlers } from "./call.ts";
import { passes } from "./list-filter.ts";
import { readXml } from "./read-xml.ts";

/** Finding, describing and defining domains. */
export const domainCalls: Handlers = {
  connectListAllDomains: ({ needResults, flags }, { host }) => {
    const found = [...host.domains.values()].filter((domain) => passes(flags, listGroups(domain))).map(toDomainRef);
    return { domains: needResults > 0 ? found : [], count: found.length };
  },
  domainLookupByName: ({ name }, { host }) => {
    const domain = domainByName(host, name);
    if (domain === undefined) throw failure("no-domain", "qemu", `no domain with matching name '${name}'`);
    return { domain: toDomainRef(domain) };
  },
  domainLookupByUuid: ({ uuid }, { host }) => {
    const domain = host.domains.get(uuid);
    if (domain === undefined) throw failure("no-domain", "qemu", `no domain with matching uuid '${uuid}'`);
    return { domain: toDomainRef(domain) };
  },
  domainGetXmlDesc: ({ domain: ref, flags }, { host }) => {
    const domain = findDomain(host, ref);
    checkFlags(flags, 0b1111, "qemuDomainGetXMLDesc");
    return { xml: printXml(describeDomain(domain, flags)) };
  },
  domainGetState: ({ domain }, { host }) => stateNumbers(findDomain(host, domain).state),
  domainIsActive: ({ domain }, { host }) => ({ active: isActive(findDomain(host, domain)) }),
  domainIsPersistent: ({ domain }, { host }) => ({ persistent: findDomain(host, domain).persistent }),
  domainGetAutostart: ({ domain }, { host }) => ({ autostart: findDomain(host, domain).autostart }),
  domainSetAutostart: ({ domain: ref, autostart }, { host }) => {
    const domain = findDomain(host, ref);
    if (!domain.persistent) throw failure("operation-invalid", "qemu", "cannot set autostart for transient domain");
    domain.autostart = autostart;
  },
  domainDefineXmlFlags: ({ xml, flags }, { host }) => {
    checkFlags(flags, 1, "qemuDomainDefineXMLFlags");
    const config = withNvram(host, normalizeDomain(readXml(xml, "domain_definition", "domain"), host.random));
    return { domain: toDomainRef(define(host, config)) };
  },
};

/** @throws {Failure} operation-failed when the name or the UUID belongs to another domain. */
const define = (host: Host, config: XmlElement): Domain => {
  const known = sameDomain(host, config);
  if (known === undefined) {
    const domain = createDomain(host, config);
    emitLifecycle(host, domain, "defined", "added");
    return domain;
  }
  known.config = config;
  known.persistent = true;
  emitLifecycle(host, known, "defined", "updated");
  return known;
};

const listGroups = (domain: Domain) => {
  const { name } = domain.state;
  const active = isActive(domain);
  return [
    [
      [1, active],
      [2, !active],
    ],
    [
      [4, domain.persistent],
      [8, !domain.persistent],
    ],
    [
      [16, name === "running"],
      [32, name === "paused"],
      [64, name === "shutoff"],
      [128, name === "pmsuspended"],
    ],
    [
      [256, domain.managedSave !== undefined],
      [512, domain.managedSave === undefined],
    ],
    [
      [1024, domain.autostart],
      [2048, !domain.autostart],
    ],
    [
      [4096, domain.snapshots.size > 0],
      [8192, domain.snapshots.size === 0],
    ],
    [
      [16384, domain.checkpoints.size > 0],
      [32768, domain.checkpoints.size === 0],
    ],
  ] as const;
};
