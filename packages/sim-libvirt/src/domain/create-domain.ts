import { Guest } from "../guest/guest.ts";
import type { Host } from "../host/host.ts";
import { textOf, type XmlElement } from "../xml/element.ts";
import { writableDisksOf } from "./domain-disks.ts";
import type { Domain } from "./domain.ts";
import { JobLock } from "./job-lock.ts";
import { pauseOnDiskError } from "./pause-on-disk-error.ts";

/** Agent event reasons (`virConnectDomainEventAgentLifecycleReason`). */
const agentReasons = { domainStarted: 1, channel: 2 } as const;

/** Adds a domain that is shut off. `config` is a normalized definition. */
export const createDomain = (host: Host, config: XmlElement): Domain => {
  const name = textOf(config, "name") ?? "";
  const guest = new Guest({
    name,
    clock: host.clock,
    random: host.random,
    disks: () => writableDisksOf(domain.live ?? domain.config),
    drive: (target) => domain.drives.get(target),
    onDiskError: () => pauseOnDiskError(host, domain),
    onAgent: (connected) =>
      host.events.emit({ kind: "agent", domain, id: domain.id, connected, reason: agentReasons.channel }),
  });
  const domain: Domain = {
    uuid: textOf(config, "uuid") ?? "",
    name,
    guest,
    monitorLock: new JobLock(host.clock),
    asyncLock: new JobLock(host.clock),
    agentLock: new JobLock(host.clock),
    snapshots: new Map(),
    checkpoints: new Map(),
    blockJobs: new Map(),
    id: -1,
    state: { name: "shutoff", reason: "unknown" },
    persistent: true,
    autostart: false,
    config,
    live: undefined,
    drives: new Map(),
    currentSnapshot: undefined,
    managedSave: undefined,
    job: undefined,
    completedJob: undefined,
    agentTimeout: -2,
  };
  host.domains.set(domain.uuid, domain);
  return domain;
};
