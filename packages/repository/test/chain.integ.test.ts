import { openRepository } from "@quiesce/repository";
import * as fc from "fast-check";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anyWrites, isZero, rangesIn, writeTo } from "./any-disk.ts";
import { never, placeFor, readAll, sourceOf } from "./model-source.ts";
import { scratch } from "./scratch.ts";

const size = 9_500_001;

test.each([{ compress: false }, { compress: true }])(
  "every point of a chain reads as the disk was then: $compress",
  async (options) => {
    await using folder = await scratch();
    const repository = await openRepository(folder.path, options);
    let round = 0;
    const anyChain = fc.array(anyWrites(size), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyChain, fc.integer({ min: 70_000, max: 5_000_000 }), async (chain, piece) => {
        round++;
        const disk = new Uint8Array(size);
        const points: { readonly id: string; readonly content: Uint8Array }[] = [];
        for (const [at, writes] of chain.entries()) {
          const changed = writeTo(disk, writes);
          const parent = points.at(-1)?.id;
          const put = { disk: "vda", signal: never, ...(parent === undefined ? {} : { parent }) };
          const ranges = parent === undefined ? rangesIn(disk, 0, size) : changed;
          const { id } = await repository.folder(placeFor(`${round}-${at}`)).putDisk(put, sourceOf(disk, ranges));
          points.push({ id, content: disk.slice() });
        }
        for (const { id, content } of points) {
          const source = await repository.openDisk(id);
          expect(Buffer.compare(await readAll(source, piece), content)).toBe(0);
          const told = await Array.fromAsync(source.ranges(never));
          expect(told.reduce((end, { offset, length }) => (offset === end ? end + length : Number.NaN), 0)).toBe(size);
          const zero = told.filter(({ is }) => is === "zero");
          expect(zero.every(({ offset, length }) => isZero(content.subarray(offset, offset + length)))).toBe(true);
          await source.close();
        }
        expect(await repository.verify({ id: points.at(-1)?.id ?? "" }, never)).toMatchObject({ damage: [] });
      }),
      { numRuns: 6 },
    );
  },
);

test("a disk that grew or shrank reads as its own size", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const first = new Uint8Array(5_000_000).fill(7);
  const { id } = await repository.folder(placeFor("one")).putDisk({ disk: "vda", signal: never }, sourceOf(first));
  for (const [set, bytes] of [
    ["grown", 6_000_000],
    ["shrunk", 4_300_000],
  ] as const) {
    const next = new Uint8Array(bytes);
    next.set(first.subarray(0, bytes));
    const put = { disk: "vda", parent: id, signal: never };
    const stored = await repository.folder(placeFor(set)).putDisk(put, sourceOf(next, []));
    const source = await repository.openDisk(stored.id);
    expect(source.bytes).toBe(bytes);
    expect(Buffer.compare(await readAll(source), next)).toBe(0);
    await expect(source.read(bytes - 1, new Uint8Array(2), never)).rejects.toMatchObject({
      problem: { code: "invalid" },
    });
    await source.close();
  }
});

test("what is zero takes no room, known beforehand or not, and parts inside a block neither", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const disk = new Uint8Array(40_000_000);
  disk.fill(1, 0, 65_536);
  disk.fill(1, 2_097_152, 2_162_688);
  const source = sourceOf(disk, [
    { offset: 0, length: 65_536, is: "data" },
    { offset: 65_536, length: 2_031_616, is: "zero" },
    { offset: 2_097_152, length: 65_536, is: "data" },
    { offset: 2_162_688, length: 20_000_000, is: "zero" },
    { offset: 22_162_688, length: 17_837_312, is: "data" },
  ]);
  const reports: number[] = [];
  const put = { disk: "vda", signal: never, report: ({ done }: { done: number }) => void reports.push(done) };
  const stored = await repository.folder(placeFor("one")).putDisk(put, source);
  const { blocks, size } = await stat(join(place.path, stored.id));
  expect(size).toBe(40_000_000);
  expect(blocks * 512).toBe(2 * 65_536);
  expect(stored.bytes).toBeLessThan(2 * 65_536 + 2_000);
  expect(reports.at(-1)).toBe(40_000_000);
  expect(reports).toEqual(reports.toSorted((a, b) => a - b));
});

test("a disk that is stored again takes the place of the first, until another builds on it", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const folder = repository.folder(placeFor("one"));
  const put = { disk: "vda", signal: never };
  await folder.putDisk(put, sourceOf(new Uint8Array(1000).fill(1)));
  const second = await folder.putDisk(put, sourceOf(new Uint8Array(1000).fill(2)));
  expect(await folder.find("vda")).toEqual(second);
  const source = await repository.openDisk(second.id);
  expect((await readAll(source))[0]).toBe(2);
  await source.close();
  const child = { ...put, parent: second.id };
  await repository.folder(placeFor("two")).putDisk(child, sourceOf(new Uint8Array(1000).fill(2), []));
  await expect(folder.putDisk(put, sourceOf(new Uint8Array(1000)))).rejects.toMatchObject({
    problem: { code: "conflict", message: expect.stringContaining("shop/two/db/vda.extents builds on it") },
  });
});

test("a copy that is given up, or whose source fails, leaves no part of a file", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const folder = repository.folder(placeFor("one"));
  const disk = new Uint8Array(30_000_000).fill(5);
  const stop = new AbortController();
  let reads = 0;
  const stopping = { ...sourceOf(disk), read: async () => void (++reads === 3 && stop.abort(new Error("enough"))) };
  await expect(folder.putDisk({ disk: "vda", signal: stop.signal }, stopping)).rejects.toThrow("enough");
  const failing = { ...sourceOf(disk), read: () => Promise.reject(new Error("the server went away")) };
  await expect(folder.putDisk({ disk: "vda", signal: never }, failing)).rejects.toMatchObject({
    problem: {
      code: "unavailable",
      message: expect.stringMatching(/^Disk vda cannot be read \(\d+ bytes at \d+\): the server/),
    },
  });
  expect(await folder.find("vda")).toBeUndefined();
  await folder.clear();
  await expect(open(join(place.path, "shop"))).rejects.toThrow("ENOENT");
});
