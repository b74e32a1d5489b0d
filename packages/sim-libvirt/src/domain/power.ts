import { existsSync } from "node:fs";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { failure, Failure } from "../failure/failure.ts";
import type { GuestMemory } from "../guest/guest-memory.ts";
import type { Host } from "../host/host.ts";
import type { XmlElement } from "../xml/element.ts";
import { notedFormat } from "../disk/disk-image.ts";
import { Drive } from "../disk/drive.ts";
import { disksOf, writableDisksOf } from "./domain-disks.ts";
import type { Lifecycle } from "./domain-events.ts";
import type { DomainState } from "./domain-state.ts";
import type { Domain } from "./domain.ts";
import { ensureNvram } from "./nvram.ts";
import { toLive } from "./normalize-domain.ts";

export const emitLifecycle = (host: Host, domain: Domain, ...what: Lifecycle): void =>
  host.events.emit({ kind: "lifecycle", domain, id: domain.id, what });

/** @throws {Failure} for a disk whose file is not there. */
export const checkDisks = (config: XmlElement): void => {
  for (const { path, format } of disksOf(config)) {
    if (path === undefined) continue;
    if (existsSync(path)) {
      mustBeImage(path, format);
      continue;
    }
    const text = `Cannot access storage file '${path}' (as uid:0, gid:0): No such file or directory`;
    throw new Failure(errorCodes["system-error"].code, errorDomains.storage, text);
  }
};

const mustBeImage = (path: string, format: string): void => {
  if (format !== "qcow2" || notedFormat(path) !== "raw") return;
  const text = `process exited while connecting to monitor: qemu-system-x86_64: -blockdev ${path}: Image is not in qcow2 format`;
  throw failure("internal-error", "qemu", text);
};

/** Gives the domain a new run: the guest is about to boot, or to continue from a memory state. It stands still as yet. */
export const powerOn = (host: Host, domain: Domain, from: XmlElement, memory?: GuestMemory): void => {
  domain.id = ++host.lastDomainId;
  domain.live = toLive(from, domain.id);
  ensureNvram(from);
  domain.drives = new Map(writableDisksOf(from).map((disk) => [disk.target, new Drive(disk)]));
  host.events.emit({ kind: "agent", domain, id: domain.id, connected: false, reason: 1 });
  if (memory === undefined) domain.guest.boot();
  else domain.guest.load(memory);
};

/** Ends the run. A domain without a lasting definition is gone then. After a crash no disk was closed in order. */
export const powerOff = (host: Host, domain: Domain, state: DomainState): void => {
  if (state.reason !== "crashed") for (const drive of domain.drives.values()) drive.close();
  domain.drives = new Map();
  for (const job of domain.blockJobs.values()) job.stop();
  domain.blockJobs.clear();
  domain.job?.finish({ success: false, cancelled: true });
  domain.guest.powerOff();
  domain.id = -1;
  domain.live = undefined;
  domain.state = state;
  if (!domain.persistent) host.domains.delete(domain.uuid);
};

/** The guest sleeps in memory (S3). */
export const fallAsleep = (host: Host, domain: Domain): void => {
  domain.guest.pause("asleep");
  domain.state = { name: "pmsuspended", reason: "unknown" };
  emitLifecycle(host, domain, "pmsuspended", "memory");
};
