import { restoreDisk } from "../disk/disk-image.ts";
import { readBitmaps } from "../disk/stored-bitmaps.ts";
import { writableDisksOf } from "../domain/domain-disks.ts";
import type { Domain } from "../domain/domain.ts";
import { emitLifecycle, powerOff, powerOn } from "../domain/power.ts";
import { failure, type Failure } from "../failure/failure.ts";
import { sleep } from "../host/clock.ts";
import type { Host } from "../host/host.ts";
import { isExternal, type Snapshot } from "./snapshot.ts";

/** What the client wants the domain to be afterwards; by default what it was when the snapshot was taken. */
export type Wanted = "as-taken" | "running" | "paused";

/**
 * Puts disks, memory and definition back; the domain's job lock is held. As in libvirt 9.0, a running guest is ended first,
 * the definition (with its metadata) is replaced, and a managed save image stays where it is.
 * @throws {Failure}
 */
export const revertToSnapshot = async (
  host: Host,
  domain: Domain,
  snapshot: Snapshot,
  wanted: Wanted,
): Promise<void> => {
  if (isExternal(snapshot))
    throw failure("config-unsupported", "qemu", "revert to external snapshot not supported yet");
  if (!domain.persistent && snapshot.memory === undefined && wanted === "as-taken") {
    const text = "transient domain needs to request run or pause to revert to inactive snapshot";
    throw failure("operation-invalid", "qemu", text);
  }
  end(host, domain);
  await sleep(host.clock, host.settings.delays.restoreMs);
  if (snapshot.memory !== undefined && hasBitmaps(domain)) throw killedByBitmaps(host, domain);
  for (const disk of snapshot.disks) if (disk.mode === "internal") await restoreDisk(disk.path, snapshot.name);
  domain.config = snapshot.inactiveDomain ?? snapshot.domain;
  domain.currentSnapshot = snapshot.name;
  if (snapshot.memory !== undefined) startFromMemory(host, domain, snapshot, wanted);
  else if (wanted === "as-taken") domain.state = { name: "shutoff", reason: "from-snapshot" };
  else boot(host, domain, snapshot, wanted);
  if (domain.persistent) emitLifecycle(host, domain, "defined", "from-snapshot");
};

const end = (host: Host, domain: Domain): void => {
  if (domain.live === undefined) return;
  const { persistent } = domain;
  // Kept in the list whatever it is: the same domain starts again.
  domain.persistent = true;
  powerOff(host, domain, { name: "shutoff", reason: "from-snapshot" });
  domain.persistent = persistent;
  emitLifecycle(host, domain, "stopped", "from-snapshot");
};

/** Whatever the daemon knows of checkpoints: what counts is in the disks. */
const hasBitmaps = ({ config }: Domain): boolean =>
  writableDisksOf(config).some(({ path }) => readBitmaps(path).good.size > 0);

/** Checkpoints keep bitmaps in the disks, and QEMU will not load a memory state into such disks: it ends, and the guest is off. */
const killedByBitmaps = (host: Host, domain: Domain): Failure => {
  domain.state = { name: "shutoff", reason: "failed" };
  emitLifecycle(host, domain, "started", "from-snapshot");
  const text = "qemu unexpectedly closed the monitor: qemu-system-x86_64: Device has active dirty bitmaps";
  return failure("internal-error", "qemu", text);
};

const startFromMemory = (host: Host, domain: Domain, snapshot: Snapshot, wanted: Wanted): void => {
  powerOn(host, domain, snapshot.domain, snapshot.memory);
  emitLifecycle(host, domain, "started", "from-snapshot");
  if (wanted === "paused" || (wanted === "as-taken" && snapshot.state === "paused")) {
    domain.state = { name: "paused", reason: "from-snapshot" };
    emitLifecycle(host, domain, "suspended", "from-snapshot");
    return;
  }
  domain.guest.run();
  domain.state = { name: "running", reason: "from-snapshot" };
  emitLifecycle(host, domain, "resumed", "from-snapshot");
};

const boot = (host: Host, domain: Domain, snapshot: Snapshot, wanted: Wanted): void => {
  powerOn(host, domain, snapshot.domain);
  if (wanted === "running") {
    domain.guest.run();
    domain.state = { name: "running", reason: "booted" };
    emitLifecycle(host, domain, "resumed", "unpaused");
    emitLifecycle(host, domain, "started", "from-snapshot");
    return;
  }
  domain.state = { name: "paused", reason: "user" };
  emitLifecycle(host, domain, "started", "from-snapshot");
  emitLifecycle(host, domain, "suspended", "from-snapshot");
};
