import type { DiskRange, DiskSource } from "@quiesce/core";
import type { StreamPart } from "@quiesce/node-libvirt";
import { expect, test } from "vitest";
import { digestBlockBytes, digestsOf, firstDifference } from "./block-digests.ts";
import { diskParts } from "./disk-parts.ts";

const signal = new AbortController().signal;
const kib = 1024;

/** A disk that tells some ranges as data and counts its reads. */
const sourceOf = (content: Uint8Array, ranges: readonly DiskRange[]): DiskSource & { readonly reads: number[] } => {
  const reads: number[] = [];
  return {
    bytes: content.length,
    reads,
    ranges: async function* () {
      yield* ranges;
    },
    read: async (offset, into) => {
      reads.push(offset);
      into.set(content.subarray(offset, offset + into.length));
    },
    close: async () => {},
  };
};

const contentOf = (parts: readonly StreamPart[]): Buffer =>
  Buffer.concat(parts.map((part) => (part.kind === "data" ? part.bytes : Buffer.alloc(part.length))));

const digestsOfParts = (parts: readonly StreamPart[]) => {
  const digests = digestsOf();
  for (const part of parts) digests.add(part);
  return digests.done();
};

/** 9 MiB and a little: two whole blocks and a part of a third. */
const disk = (): Buffer => {
  const content = Buffer.alloc(9 * kib * kib + 1000);
  content.fill(1, 70 * kib, 71 * kib);
  content.fill(2, content.length - 500);
  return content;
};

test("all of a disk comes in order; what reads as zeroes is a hole, in data too", async () => {
  const content = disk();
  const source = sourceOf(content, [
    { offset: 0, length: 128 * kib, is: "data" },
    { offset: 128 * kib, length: 8 * kib * kib - 128 * kib, is: "zero" },
    { offset: 8 * kib * kib, length: content.length - 8 * kib * kib, is: "data" },
  ]);
  const parts = await Array.fromAsync(diskParts(source, signal));
  expect(contentOf(parts).equals(content)).toBe(true);
  const data = parts.flatMap((part) => (part.kind === "data" ? [part.bytes.length] : []));
  expect(data).toEqual([64 * kib, 1000]);
  expect(source.reads).toEqual([0, 2 * digestBlockBytes]);
});

test("a read that fails ends the parts with its error", async () => {
  const source: DiskSource = {
    ...sourceOf(disk(), [{ offset: 0, length: 9 * kib * kib, is: "data" }]),
    read: (offset) => (offset > 0 ? Promise.reject(new Error(`damaged at ${offset}`)) : Promise.resolve()),
  };
  await expect(Array.fromAsync(diskParts(source, signal))).rejects.toThrow(/damaged at 4194304/);
});

test("digests are of the content, however it is cut and whatever is told as a hole", () => {
  const content = disk();
  const whole = digestsOfParts([{ kind: "data", bytes: content }]);
  const pieces: StreamPart[] = [];
  for (let at = 0, size = 1; at < content.length; at += size, size = (size * 7) % 300_007)
    pieces.push({ kind: "data", bytes: content.subarray(at, at + size) });
  expect(digestsOfParts(pieces)).toEqual(whole);
  expect(
    digestsOfParts([
      { kind: "hole", length: 70 * kib },
      { kind: "data", bytes: content.subarray(70 * kib, 71 * kib) },
      { kind: "hole", length: content.length - 71 * kib - 500 },
      { kind: "data", bytes: content.subarray(content.length - 500) },
    ]),
  ).toEqual(whole);
  expect(whole).toHaveLength(3);
  expect(whole[1]).toBe("");
});

test("one byte more or less, and one that is different, tell the block", () => {
  const content = disk();
  const whole = digestsOfParts([{ kind: "data", bytes: content }]);
  const changed = Buffer.from(content);
  changed[5 * kib * kib] = 1;
  expect(firstDifference(whole, whole)).toBeUndefined();
  expect(firstDifference(whole, digestsOfParts([{ kind: "data", bytes: changed }]))).toBe(digestBlockBytes);
  const shorter = digestsOfParts([{ kind: "data", bytes: content.subarray(0, 8 * kib * kib) }]);
  expect(firstDifference(whole, shorter)).toBe(2 * digestBlockBytes);
});
