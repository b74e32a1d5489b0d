import { statSync } from "node:fs";
import { forgetDiskSnapshot } from "../disk/disk-image.ts";
import { disksOf } from "../domain/domain-disks.ts";
import type { Domain } from "../domain/domain.ts";
import { failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import { mergeOverlays } from "./overlays.ts";
import { isExternal, type Snapshot } from "./snapshot.ts";

export const childrenOfSnapshot = (domain: Domain, name: string): readonly Snapshot[] =>
  [...domain.snapshots.values()].filter((snapshot) => snapshot.parent === name);

/** All below a snapshot, children before their children. */
export const descendantsOf = (domain: Domain, name: string): readonly Snapshot[] =>
  childrenOfSnapshot(domain, name).flatMap((child) => [child, ...descendantsOf(domain, child.name)]);

/** Removes one snapshot; its children get its parent. */
export const deleteSnapshot = async (
  host: Host,
  domain: Domain,
  snapshot: Snapshot,
  metadataOnly: boolean,
): Promise<void> => {
  if (!metadataOnly) {
    mustBeDeletable(domain, snapshot);
    for (const disk of snapshot.disks) if (disk.mode === "internal") await forgetDiskSnapshot(disk.path, snapshot.name);
    await committed(host, domain, snapshot);
    await mergeOverlays(domain, snapshot.disks);
  }
  for (const child of childrenOfSnapshot(domain, snapshot.name)) {
    domain.snapshots.set(child.name, { ...child, parent: snapshot.parent });
  }
  domain.snapshots.delete(snapshot.name);
  if (domain.currentSnapshot === snapshot.name) domain.currentSnapshot = snapshot.parent;
};

/** Waits as the daemon does: without a limit, until the bytes of all overlays are copied or the guest has ended. @throws {Failure} */
const committed = async (host: Host, domain: Domain, { disks }: Snapshot): Promise<void> => {
  if (domain.live === undefined) return;
  const { id } = domain;
  const { blockJobMs } = host.settings;
  const overlays = disks.filter((disk) => disk.mode === "external");
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = blockJobMs === null ? () => {} : host.clock.after(blockJobMs, resolve);
  const stop = () => {
    cancel();
    resolve();
  };
  for (const { name, path, overlay } of overlays) {
    domain.blockJobs.set(name, { type: "active-commit", end: statSync(overlay).size, base: path, ready: false, stop });
  }
  if (overlays.length > 0 && blockJobMs !== 0) await promise;
  for (const { name } of overlays) domain.blockJobs.delete(name);
  if (domain.id !== id) throw failure("operation-failed", "qemu", "domain is not running");
};

/** libvirt 9.0 cannot delete an internal snapshot below an overlay, nor an external one above an internal one. */
const mustBeDeletable = (domain: Domain, snapshot: Snapshot): void => {
  const current = new Set(disksOf(domain.live ?? domain.config).map((disk) => disk.path));
  const hidden = snapshot.disks.find((disk) => disk.mode === "internal" && !current.has(disk.path));
  if (hidden !== undefined) {
    const text = `disk image '${hidden.name}' for internal snapshot '${snapshot.name}' is not the same as disk image currently used by VM`;
    throw failure("operation-unsupported", "qemu", text);
  }
  const parent = snapshot.parent === undefined ? undefined : domain.snapshots.get(snapshot.parent);
  if (isExternal(snapshot) && parent !== undefined && !isExternal(parent)) {
    const text = "deleting external snapshot that has internal snapshot as parent not supported";
    throw failure("operation-unsupported", "qemu", text);
  }
};
