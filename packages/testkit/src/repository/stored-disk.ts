import { createHash } from "node:crypto";
import type { DiskRange } from "@quiesce/core";

/** A part of a stored disk; without `bytes` it reads as zeroes. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
  readonly bytes?: Uint8Array;
  /** Of `bytes` when they were written. */
  readonly sha256?: string;
}

/** A disk as it is kept: whole, or what changed since `parent`. */
export interface StoredDisk {
  readonly id: string;
  readonly bytes: number;
  readonly parent?: string;
  /** In order of offset, without overlap. */
  readonly extents: readonly Extent[];
}

/** A part of a disk as its chain gives it: of which layer, and where in the disk. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
  readonly layer?: StoredDisk;
  readonly extent?: Extent;
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const isSound = ({ bytes, sha256: written }: Extent): boolean =>
  bytes === undefined || sha256(bytes) === written;

/** Where each byte from `offset` on comes from: the newest of the layers that has it. `layers`: newest first. */
export const piecesOf = (layers: readonly StoredDisk[], offset: number, length: number): readonly Piece[] => {
  const [layer, ...older] = layers;
  if (layer === undefined) return length === 0 ? [] : [{ offset, length }];
  const end = offset + length;
  const pieces: Piece[] = [];
  let at = offset;
  for (const extent of layer.extents) {
    const from = Math.max(extent.offset, at);
    const to = Math.min(extent.offset + extent.length, end);
    if (from >= to) continue;
    pieces.push(...piecesOf(older, at, from - at), { offset: from, length: to - from, layer, extent });
    at = to;
  }
  return [...pieces, ...piecesOf(older, at, end - at)];
};

export const rangeOf = ({ offset, length, extent }: Piece): DiskRange => ({
  offset,
  length,
  is: extent?.bytes === undefined ? "zero" : "data",
});
