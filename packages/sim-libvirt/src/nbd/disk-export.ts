import type { PointInTime } from "../backup/point-in-time.ts";
import { clusterBytes, type DirtyBitmap } from "../disk/dirty-bitmap.ts";
import { unallocated, type Describe, type Extent, type NbdExport } from "./nbd-export.ts";

/** Most bytes that one answer tells of; a client asks on from there, as it has to with QEMU. */
const maxDescribedBytes = 67_108_864;

export interface DiskExportOptions {
  readonly name: string;
  readonly content: PointInTime;
  /** What has changed, and the name under which it is told. */
  readonly changes: { readonly bitmap: string; readonly clusters: DirtyBitmap } | undefined;
}

/** A disk as it was at the beginning of a backup. */
export const diskExport = ({ name, content, changes }: DiskExportOptions): NbdExport => {
  const allocation: Describe = describeClusters(content.size, (cluster) =>
    isZero(content.read(cluster * clusterBytes, Math.min(clusterBytes, content.size - cluster * clusterBytes)))
      ? unallocated
      : 0,
  );
  const contexts = new Map([["base:allocation", allocation]]);
  if (changes !== undefined) {
    const dirty = describeClusters(content.size, (cluster) => (changes.clusters.has(cluster) ? 1 : 0));
    contexts.set(`qemu:dirty-bitmap:${changes.bitmap}`, dirty);
  }
  return { name, size: content.size, contexts, read: (offset, length) => content.read(offset, length) };
};

/** Joins neighbours with the same flags. */
const describeClusters =
  (size: number, flagsOf: (cluster: number) => number): Describe =>
  (offset, length) => {
    const end = Math.min(size, offset + Math.min(length, maxDescribedBytes));
    const extents: Extent[] = [];
    for (let at = offset; at < end;) {
      const cluster = Math.floor(at / clusterBytes);
      const next = Math.min(end, (cluster + 1) * clusterBytes);
      const flags = flagsOf(cluster);
      const last = extents.at(-1);
      if (last?.flags === flags) extents[extents.length - 1] = { flags, length: last.length + next - at };
      else extents.push({ flags, length: next - at });
      at = next;
    }
    return extents;
  };

const zeros = Buffer.alloc(clusterBytes);
const isZero = (bytes: Buffer): boolean => bytes.equals(zeros.subarray(0, bytes.length));
