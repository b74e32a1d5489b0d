import { constants, existsSync } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { setDiskFormat } from "../disk/disk-image.ts";
import { sidecarOf } from "../disk/sidecar.ts";
import type { Domain } from "../domain/domain.ts";
import { failure } from "../failure/failure.ts";
import { mapChildren, withAttributes } from "../xml/edit.ts";
import { attributeOf, childOf, type XmlElement } from "../xml/element.ts";
import type { SnapshotDisk } from "./snapshot.ts";

type External = Extract<SnapshotDisk, { readonly mode: "external" }>;

const externals = (disks: readonly SnapshotDisk[]): readonly External[] =>
  disks.filter((disk) => disk.mode === "external");

/**
 * Makes the files that a domain writes to from now on; the old ones keep what they hold. All or none.
 * @throws {Failure} when one is there already
 */
export const createOverlays = async (disks: readonly SnapshotDisk[]): Promise<void> => {
  const taken = externals(disks).find(({ overlay }) => existsSync(overlay));
  if (taken !== undefined) {
    const text = `external snapshot file for disk ${taken.name} already exists and is not a block device: ${taken.overlay}`;
    throw failure("config-unsupported", "qemu", text);
  }
  for (const { path, overlay } of externals(disks)) {
    await copyFile(path, overlay, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    setDiskFormat(overlay, "qcow2", { backing: path });
  }
};

/** Points the domain's disks at their overlays. */
export const switchToOverlays = (domain: Domain, disks: readonly SnapshotDisk[]): void => {
  for (const { path, overlay } of externals(disks)) replaceSource(domain, path, overlay);
};

/** Moves what was written since into the old files and points the disks back at them. */
export const mergeOverlays = async (domain: Domain, disks: readonly SnapshotDisk[]): Promise<void> => {
  for (const { path, overlay } of externals(disks)) {
    await rename(overlay, path);
    await rm(sidecarOf(overlay), { recursive: true, force: true });
    replaceSource(domain, overlay, path);
  }
};

/** Points whatever uses one file at another. */
export const replaceSource = (domain: Domain, from: string, to: string): void => {
  domain.config = withSource(domain.config, from, to);
  if (domain.live !== undefined) domain.live = withSource(domain.live, from, to);
  for (const drive of domain.drives.values()) if (drive.path === from) drive.path = to;
};

const withSource = (definition: XmlElement, from: string, to: string): XmlElement =>
  mapChildren(definition, "devices", (devices) =>
    mapChildren(devices, "disk", (disk) =>
      attributeOf(childOf(disk, "source"), "file") === from
        ? mapChildren(disk, "source", (source) => withAttributes(source, { file: to }))
        : disk,
    ),
  );
