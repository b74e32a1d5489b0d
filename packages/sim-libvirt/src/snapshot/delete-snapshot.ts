import { forgetDiskSnapshot } from "../disk/disk-image.ts";
import { disksOf } from "../domain/domain-disks.ts";
import type { Domain } from "../domain/domain.ts";
import { failure } from "../failure/failure.ts";
import { mergeOverlays } from "./overlays.ts";
import { isExternal, type Snapshot } from "./snapshot.ts";

export const childrenOfSnapshot = (domain: Domain, name: string): readonly Snapshot[] =>
  [...domain.snapshots.values()].filter((snapshot) => snapshot.parent === name);

/** All below a snapshot, children before their children. */
export const descendantsOf = (domain: Domain, name: string): readonly Snapshot[] =>
  childrenOfSnapshot(domain, name).flatMap((child) => [child, ...descendantsOf(domain, child.name)]);

/** Removes one snapshot; its children get its parent. */
export const deleteSnapshot = async (domain: Domain, snapshot: Snapshot, metadataOnly: boolean): Promise<void> => {
  if (!metadataOnly) {
    mustBeDeletable(domain, snapshot);
    for (const disk of snapshot.disks) if (disk.mode === "internal") await forgetDiskSnapshot(disk.path, snapshot.name);
    await mergeOverlays(domain, snapshot.disks);
  }
  for (const child of childrenOfSnapshot(domain, snapshot.name)) {
    domain.snapshots.set(child.name, { ...child, parent: snapshot.parent });
  }
  domain.snapshots.delete(snapshot.name);
  if (domain.currentSnapshot === snapshot.name) domain.currentSnapshot = snapshot.parent;
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
