import type { DiskRange } from "@quiesce/core";
import * as fc from "fast-check";

const block = 4 * 1024 * 1024;

export interface Write {
  readonly offset: number;
  readonly length: number;
  /** 0: it becomes zero. Else it begins a pattern. */
  readonly fill: number;
}

/** Places near the edges of blocks are where mistakes live. */
const anyOffset = (bytes: number) =>
  fc.oneof(
    fc.nat(bytes - 1),
    fc
      .tuple(fc.nat(Math.floor(bytes / block)), fc.integer({ min: -3, max: 3 }))
      .map(([number, by]) => Math.min(bytes - 1, Math.max(0, number * block + by))),
  );

export const anyWrites = (bytes: number): fc.Arbitrary<readonly Write[]> =>
  fc.array(
    fc.record({
      offset: anyOffset(bytes),
      length: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 * block })),
      fill: fc.nat(3),
    }),
    { maxLength: 6 },
  );

/** Writes to the disk; gives what changed, in order, as a source of an increment tells it. */
export const writeTo = (disk: Uint8Array, writes: readonly Write[]): readonly DiskRange[] => {
  const spans = writes.map(({ offset, length, fill }) => {
    const end = Math.min(disk.length, offset + length);
    for (let at = offset; at < end; at++) disk[at] = fill === 0 ? 0 : (at * fill) & 0xff;
    return { offset, end };
  });
  const merged: { offset: number; end: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.offset - b.offset)) {
    const last = merged.at(-1);
    if (last !== undefined && span.offset <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged.flatMap(({ offset, end }) => rangesIn(disk, offset, end));
};

/** Of a part of a disk: where it is zero for at least 64 KiB, as a source would know, and where it is data. */
export const rangesIn = (disk: Uint8Array, from: number, to: number): readonly DiskRange[] => {
  const ranges: DiskRange[] = [];
  for (let offset = from; offset < to;) {
    const end = Math.min(to, (Math.floor(offset / 65_536) + 1) * 65_536);
    const is = isZero(disk.subarray(offset, end)) ? ("zero" as const) : ("data" as const);
    const last = ranges.at(-1);
    if (last?.is === is) ranges[ranges.length - 1] = { ...last, length: end - last.offset };
    else ranges.push({ offset, length: end - offset, is });
    offset = end;
  }
  return ranges;
};

const zeroes = Buffer.alloc(2 * block);

export const isZero = (bytes: Uint8Array): boolean => {
  for (let at = 0; at < bytes.length; at += zeroes.length) {
    const part = bytes.subarray(at, at + zeroes.length);
    if (zeroes.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
};
