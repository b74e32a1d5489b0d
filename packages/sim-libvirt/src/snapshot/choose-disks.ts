import { dirname, extname, join, basename } from "node:path";
import { disksOf, type DomainDisk } from "../domain/domain-disks.ts";
import { failure } from "../failure/failure.ts";
import type { XmlElement } from "../xml/element.ts";
import type { SnapshotDisk } from "./snapshot.ts";
import type { DiskRequest } from "./snapshot-request.ts";

/**
 * Which disks a snapshot takes, and how: all writable ones by default. libvirt 9.0 takes an internal snapshot of all of them
 * or of none, and only of qcow2 files.
 * @throws {Failure} config-unsupported
 */
export const chooseDisks = (
  domain: XmlElement,
  requests: readonly DiskRequest[],
  diskOnly: boolean,
  snapshot: string,
): readonly SnapshotDisk[] => {
  const disks = disksOf(domain);
  for (const { name } of requests) {
    if (!disks.some((disk) => disk.target === name || disk.path === name)) {
      throw failure("config-unsupported", "snapshot", `no disk named '${name}'`);
    }
  }
  const chosen = disks.map((disk) => chooseOne(disk, requests, diskOnly, snapshot));
  if (diskOnly || chosen.some((disk) => disk.mode === "external")) return chosen;
  for (const [index, disk] of disks.entries()) if (chosen[index]?.mode === "internal") mustHoldSnapshots(disk);
  return chosen;
};

const chooseOne = (
  disk: DomainDisk,
  requests: readonly DiskRequest[],
  diskOnly: boolean,
  snapshot: string,
): SnapshotDisk => {
  const request = requests.find(({ name }) => name === disk.target || name === disk.path);
  const usual = disk.readonly || disk.path === undefined ? "no" : diskOnly ? "external" : "internal";
  const mode = request?.mode ?? usual;
  const path = disk.path ?? "";
  if (mode === "external")
    return { name: disk.target, mode, path, overlay: request?.overlay ?? overlayOf(path, snapshot) };
  if (diskOnly && mode === "internal") {
    const text = `active qemu domains require external disk snapshots; disk ${disk.target} requested internal`;
    throw failure("config-unsupported", "qemu", text);
  }
  if (!diskOnly && usual === "internal" && mode === "no") {
    throw failure("config-unsupported", "snapshot", `disk '${disk.target}' must use snapshot mode 'internal'`);
  }
  return { name: disk.target, mode, path };
};

const mustHoldSnapshots = ({ target, format }: DomainDisk): void => {
  if (format === "qcow2") return;
  throw failure(
    "config-unsupported",
    "qemu",
    `internal snapshot for disk ${target} unsupported for storage type ${format}`,
  );
};

const overlayOf = (path: string, snapshot: string): string =>
  join(dirname(path), `${basename(path, extname(path))}.${snapshot}`);
