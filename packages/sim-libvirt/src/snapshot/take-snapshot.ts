import { captureDisk, forgetDiskSnapshot } from "../disk/disk-image.ts";
import type { Domain } from "../domain/domain.ts";
import { hasPflash } from "../domain/nvram.ts";
import { emitLifecycle, powerOff } from "../domain/power.ts";
import { failure } from "../failure/failure.ts";
import type { GuestMemory } from "../guest/guest-memory.ts";
import { sleep } from "../host/clock.ts";
import type { Host } from "../host/host.ts";
import { withAttributes } from "../xml/edit.ts";
import { chooseDisks } from "./choose-disks.ts";
import { createOverlays, switchToOverlays } from "./overlays.ts";
import type { Snapshot, SnapshotDisk } from "./snapshot.ts";
import type { SnapshotRequest } from "./snapshot-request.ts";

export interface TakeOptions {
  readonly diskOnly: boolean;
  /** Stop the domain once the snapshot is there. */
  readonly halt: boolean;
  /** Forget the snapshot as soon as it is taken; its overlays stay. */
  readonly forget?: boolean;
}

/** Takes a snapshot; the domain's job lock is held. @throws {Failure} */
export const takeSnapshot = async (
  host: Host,
  domain: Domain,
  request: SnapshotRequest,
  { diskOnly, halt, forget = false }: TakeOptions,
): Promise<Snapshot> => {
  const createdAt = Math.floor(host.clock.now() / 1000);
  const name = request.name ?? String(createdAt);
  if (domain.snapshots.has(name)) throw failure("operation-failed", "domain", `domain moment ${name} already exists`);
  const definition = domain.live ?? domain.config;
  const disks = chooseDisks(definition, request.disks, diskOnly, name);
  checkState(domain, request, disks, diskOnly);
  const memory = await capture(host, domain, name, disks, diskOnly);
  const snapshot: Snapshot = {
    name,
    description: request.description,
    state: stateOf(domain, diskOnly),
    createdAt,
    memory,
    disks,
    domain: withAttributes(definition, { id: undefined }),
    inactiveDomain: domain.live === undefined ? undefined : domain.config,
    parent: domain.currentSnapshot,
  };
  switchToOverlays(domain, disks);
  if (!forget) {
    domain.snapshots.set(name, snapshot);
    domain.currentSnapshot = name;
  }
  if (halt && domain.live !== undefined) {
    powerOff(host, domain, { name: "shutoff", reason: "from-snapshot" });
    emitLifecycle(host, domain, "stopped", "from-snapshot");
  }
  return snapshot;
};

const checkState = (
  domain: Domain,
  request: SnapshotRequest,
  disks: readonly SnapshotDisk[],
  diskOnly: boolean,
): void => {
  const internal = disks.some((disk) => disk.mode === "internal");
  if (domain.state.name === "pmsuspended") {
    throw failure("operation-unsupported", "qemu", "qemu doesn't support taking snapshots of PMSUSPENDED guests");
  }
  if (!diskOnly && disks.some((disk) => disk.mode === "external")) {
    throw failure("no-support", "qemu", "external snapshots with memory are not simulated");
  }
  const busy = disks.find((disk) => disk.mode === "external" && domain.blockJobs.has(disk.name));
  if (busy !== undefined) throw failure("block-copy-active", "qemu", `disk '${busy.name}' already in active block job`);
  if (domain.live === undefined) {
    if (domain.checkpoints.size > 0 && disks.some((disk) => disk.mode === "external"))
      throw failure("operation-unsupported", "qemu", "cannot perform block operations while checkpoint exists");
    return;
  }
  if (internal && hasPflash(domain.live)) {
    const text = "internal snapshots of a VM with pflash based firmware are not supported";
    throw failure("operation-unsupported", "qemu", text);
  }
  if (internal && request.memory === "no") {
    const text = "internal snapshot of a running VM must include the memory state";
    throw failure("operation-unsupported", "qemu", text);
  }
};

const stateOf = (domain: Domain, diskOnly: boolean): Snapshot["state"] => {
  if (domain.live === undefined) return "shutoff";
  if (diskOnly) return "disk-snapshot";
  return domain.state.name === "running" ? "running" : "paused";
};

/** Copies disks, and memory with them, while the guest stands still. */
const capture = async (
  host: Host,
  domain: Domain,
  name: string,
  disks: readonly SnapshotDisk[],
  diskOnly: boolean,
): Promise<GuestMemory | undefined> => {
  const { live } = domain;
  const pauses = domain.state.name === "running" && !diskOnly;
  if (pauses) {
    domain.guest.pause();
    domain.state = { name: "paused", reason: "save" };
    emitLifecycle(host, domain, "suspended", "paused");
  }
  try {
    await domain.guest.stunned(async () => {
      await sleep(host.clock, host.settings.delays.captureMs);
      await copyDisks(disks, name);
    });
    if (domain.live !== live) throw failure("operation-failed", "qemu", "domain is not running");
    return live === undefined || diskOnly ? undefined : domain.guest.save();
  } catch (error) {
    await dropCopies(disks, name);
    throw error;
  } finally {
    if (pauses && domain.live === live) {
      domain.guest.run();
      domain.state = { name: "running", reason: "unpaused" };
      emitLifecycle(host, domain, "resumed", "unpaused");
    }
  }
};

const copyDisks = async (disks: readonly SnapshotDisk[], name: string): Promise<void> => {
  for (const disk of disks) if (disk.mode === "internal") await captureDisk(disk.path, name);
  await createOverlays(disks);
};

const dropCopies = async (disks: readonly SnapshotDisk[], name: string): Promise<void> => {
  for (const disk of disks) if (disk.mode === "internal") await forgetDiskSnapshot(disk.path, name);
};
