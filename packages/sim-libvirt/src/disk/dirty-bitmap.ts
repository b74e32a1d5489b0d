/** Bytes that one bit of a bitmap stands for, as QEMU chooses it for a qcow2 file. */
export const clusterBytes = 65_536;

/** The clusters that were written, by number. */
export type DirtyBitmap = Set<number>;

/** Numbers of the clusters that a range of bytes touches. */
export const clustersOf = function* (offset: number, length: number): Generator<number> {
  if (length <= 0) return;
  const last = Math.floor((offset + length - 1) / clusterBytes);
  for (let cluster = Math.floor(offset / clusterBytes); cluster <= last; cluster++) yield cluster;
};

/** Bytes that the dirty clusters hold. */
export const dirtyBytes = (bitmap: DirtyBitmap): number => bitmap.size * clusterBytes;
