import { asId, type DiskRange, type DiskSource, type Manifest, type RunId } from "@quiesce/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memoryRepository, type MemoryRepository } from "./memory-repository.ts";

const signal = new AbortController().signal;
const size = 512;

const place = (name: string, run = "r1") => ({
  tag: { store: "s", deployment: asId<Manifest["deployment"]>("shop"), run: asId<RunId>(run) },
  backup: { name, kind: "backup" as const },
  instance: asId<Manifest["items"][number]["instance"]>("db"),
});

const sourceOf = (bytes: Uint8Array, ranges: readonly DiskRange[]): DiskSource => ({
  bytes: bytes.length,
  ranges: async function* () {
    yield* ranges;
  },
  read: async (offset, into) => into.set(bytes.subarray(offset, offset + into.length)),
  close: async () => {},
});

const whole = (bytes: Uint8Array) => sourceOf(bytes, [{ offset: 0, length: bytes.length, is: "data" }]);

const putFull = async (repository: MemoryRepository, name: string, fill: number): Promise<string> =>
  (await repository.folder(place(name)).putDisk({ disk: "vda", signal }, whole(new Uint8Array(size).fill(fill)))).id;

const anyWrites = fc.array(
  fc.record({
    offset: fc.integer({ min: 0, max: size - 1 }),
    length: fc.integer({ min: 1, max: 120 }),
    fill: fc.nat(255),
  }),
  { minLength: 1, maxLength: 6 },
);

test("a chain of differences reads as the disk was at each point", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyWrites, { maxLength: 4 }), async (increments) => {
      const repository = memoryRepository();
      const disk = new Uint8Array(size).fill(1);
      const points = [{ id: await putFull(repository, "0", 1), content: disk.slice() }];
      for (const [at, writes] of increments.entries()) {
        const changed = new Set<number>();
        for (const { offset, length, fill } of writes) {
          disk.fill(fill, offset, offset + length);
          for (let byte = offset; byte < Math.min(size, offset + length); byte += 1) changed.add(byte);
        }
        const ranges = [...changed]
          .sort((a, b) => a - b)
          .map((offset): DiskRange => ({ offset, length: 1, is: disk[offset] === 0 ? "zero" : "data" }));
        const put = { disk: "vda", parent: points.at(-1)?.id ?? "", signal };
        const { id } = await repository.folder(place(`${at + 1}`)).putDisk(put, sourceOf(disk, ranges));
        points.push({ id, content: disk.slice() });
      }
      for (const { id, content } of points) {
        const read = new Uint8Array(size);
        await (await repository.openDisk(id)).read(0, read, signal);
        expect(read).toEqual(content);
      }
    }),
    { numRuns: 20 },
  );
});

test("a flipped byte is damage for the reader and for a check, and so is a missing parent", async () => {
  const repository = memoryRepository();
  const parent = await putFull(repository, "one", 7);
  const { id } = await repository
    .folder(place("two"))
    .putDisk({ disk: "vda", parent, signal }, sourceOf(new Uint8Array(size), []));
  expect((await repository.verify({ id }, signal)).damage).toEqual([]);
  repository.flip(parent);
  const disk = await repository.openDisk(id);
  await expect(disk.read(0, new Uint8Array(1), signal)).rejects.toMatchObject({ problem: { code: "damaged" } });
  expect((await repository.verify({ id }, signal)).damage).toMatchObject([{ file: parent }]);
  repository.lose(parent);
  await expect(repository.openDisk(id)).rejects.toMatchObject({ problem: { code: "damaged" } });
});

test("a disk that others build on is not removed", async () => {
  const repository = memoryRepository();
  const parent = await putFull(repository, "one", 7);
  const folder = repository.folder(place("two"));
  const { id } = await folder.putDisk({ disk: "vda", parent, signal }, sourceOf(new Uint8Array(size), []));
  await expect(folder.remove(parent)).rejects.toMatchObject({ problem: { code: "conflict" } });
  await folder.remove(id);
  await folder.remove(parent);
  await folder.remove(parent);
  expect(repository.files()).toEqual([]);
});

test("a full repository refuses the file and keeps no part of it", async () => {
  const repository = memoryRepository();
  repository.faults.room = size - 1;
  await expect(putFull(repository, "one", 7)).rejects.toMatchObject({ problem: { code: "quota-exceeded" } });
  expect(repository.files()).toEqual([]);
  repository.faults.room = size;
  await putFull(repository, "one", 7);
  expect(await repository.freeBytes(signal)).toBe(0);
});

test("a set's folder belongs to the run that took it, until it holds nothing", async () => {
  const repository = memoryRepository();
  const id = await putFull(repository, "one", 7);
  const stranger = repository.folder(place("one", "r2"));
  await expect(stranger.putFile("definition", new Uint8Array(1))).rejects.toMatchObject({
    problem: { code: "conflict" },
  });
  await stranger.remove(id);
  expect((await stranger.putFile("definition", new Uint8Array(1))).id).toBe("shop/one/db/definition");
});
