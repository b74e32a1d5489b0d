import { allocation, dirtyBitmap } from "./numbers.ts";
import { protocolViolation } from "./protocol-violation.ts";
import type { Range } from "./range.ts";

/**
 * What a server says of a span of the disk, as it sent it: pairs of a length and flags, 32 bits each. Kept raw, because a
 * fragmented disk has very many. At least one is there.
 */
export interface Extents {
  readonly allocation: Buffer | undefined;
  readonly dirty: Buffer | undefined;
}

const pairBytes = 8;

/** Bytes of the span that all of the extents tell of, at most `length`. @throws {NbdError} `protocol` for an empty extent. */
export const toldBytes = ({ allocation, dirty }: Extents, length: number): number =>
  Math.min(length, sumOf(allocation), sumOf(dirty));

const sumOf = (extents: Buffer | undefined): number => {
  if (extents === undefined) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let at = 0; at < extents.length; at += pairBytes) {
    const length = extents.readUInt32BE(at);
    if (length === 0) throw protocolViolation("an extent of no length");
    sum += length;
  }
  return sum;
};

/** The ranges of `told` bytes from `offset` on; with a dirty bitmap only what it calls dirty. Neighbours are not joined. */
export const rangesOf = function* (extents: Extents, offset: number, told: number): Generator<Range, void, void> {
  const zeroes = cursor(extents.allocation);
  const dirty = cursor(extents.dirty);
  for (let at = 0; at < told;) {
    const length = Math.min(zeroes.left, dirty.left, told - at);
    if (extents.dirty === undefined || (dirty.flags & dirtyBitmap.dirty) !== 0) {
      yield { offset: offset + at, length, is: (zeroes.flags & allocation.readsAsZeroes) === 0 ? "data" : "zero" };
    }
    at += length;
    zeroes.pass(length);
    dirty.pass(length);
  }
};

interface Cursor {
  /** Bytes that are left of the extent. */
  left: number;
  flags: number;
  pass(length: number): void;
}

/** A walk over extents; without any, one endless extent without flags. */
const cursor = (extents: Buffer | undefined): Cursor => {
  let at = 0;
  const here: Cursor = {
    left: extents?.readUInt32BE(0) ?? Number.POSITIVE_INFINITY,
    flags: extents?.readUInt32BE(4) ?? 0,
    pass: (length) => {
      here.left -= length;
      at += pairBytes;
      if (here.left > 0 || extents === undefined || at >= extents.length) {
        at -= pairBytes;
        return;
      }
      here.left = extents.readUInt32BE(at);
      here.flags = extents.readUInt32BE(at + 4);
    },
  };
  return here;
};
