import type { KeptSet, Manifest, Repository } from "@quiesce/core";
import { asId } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import * as fc from "fast-check";
import { copyFile, open, readFile, rename, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { never, placeFor, readAll, sourceOf } from "./model-source.ts";
import { scratch } from "./scratch.ts";

const MiB = 1024 * 1024;
const damagedFailure = { problem: { code: "damaged" } };

/** Data in blocks 0 and 2 of 3, and an increment in two places. */
const fill = async (repository: Repository) => {
  const disk = new Uint8Array(12 * MiB);
  for (let at = 0; at < MiB; at++) disk[at] = disk[9 * MiB + at] = (at * 7 + (at >> 8)) & 0xff;
  const full = await repository.folder(placeFor("one")).putDisk({ disk: "vda", signal: never }, sourceOf(disk));
  const next = disk
    .slice()
    .fill(9, 100, 70_000)
    .fill(8, 5 * MiB, 5 * MiB + 3);
  const ranges = [
    { offset: 100, length: 69_900, is: "data" as const },
    { offset: 5 * MiB, length: 3, is: "data" as const },
  ];
  const put = { disk: "vda", parent: full.id, signal: never };
  const increment = await repository.folder(placeFor("two")).putDisk(put, sourceOf(next, ranges));
  return { full, increment, next };
};

const flip = async (path: string, at: number): Promise<void> => {
  await using file = await open(path, "r+");
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0x10;
  await file.write(byte, 0, 1, at);
};

/** The content, or the code of the failure. */
const readOrFail = async (repository: Repository, id: string): Promise<Uint8Array | string> => {
  try {
    const source = await repository.openDisk(id);
    try {
      return await readAll(source);
    } finally {
      await source.close();
    }
  } catch (error) {
    return (error as { readonly problem: { readonly code: string } }).problem.code;
  }
};

test.each([{ compress: false }, { compress: true }])(
  "one changed byte anywhere is found, and no wrong byte is ever read: $compress",
  async (options) => {
    await using place = await scratch();
    const repository = await openRepository(place.path, options);
    const { full, increment, next } = await fill(repository);
    const files = [full.id, "shop/one/db/vda.index", increment.id, "shop/two/db/vda.index"];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        async (file, where) => {
          const path = join(place.path, file);
          const at = Math.floor((await stat(path)).size * where);
          await flip(path, at);
          const { damage } = await repository.verify(increment, never);
          expect(damage.length).toBeGreaterThan(0);
          const read = await readOrFail(repository, increment.id);
          expect(typeof read === "string" ? read : Buffer.compare(read, next)).toBeOneOf(["damaged", 0]);
          await flip(path, at);
        },
      ),
      { numRuns: 40 },
    );
    expect(await repository.verify(increment, never)).toMatchObject({ damage: [] });
  },
);

test("a damaged block is named with its file, number and place, and every one is told", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const { full, increment } = await fill(repository);
  await flip(join(place.path, full.id), 5);
  await flip(join(place.path, full.id), 9 * MiB);
  await flip(join(place.path, increment.id), 0);
  const { damage } = await repository.verify(increment, never);
  expect(damage).toEqual([
    { file: increment.id, reason: "Block 0 (bytes 0 to 69903 of shop/two/db/vda.extents) is not what was written." },
    { file: full.id, reason: "Block 0 (bytes 0 to 4194304 of shop/one/db/vda.raw) is not what was written." },
    { file: full.id, reason: "Block 2 (bytes 8388608 to 12582912 of shop/one/db/vda.raw) is not what was written." },
  ]);
  const source = await repository.openDisk(full.id);
  await expect(source.read(0, new Uint8Array(1), never)).rejects.toMatchObject({
    problem: {
      code: "damaged",
      message:
        "Block 0 of shop/one/db/vda.raw (4194304 bytes at 0) is not what was written: its digest does not fit. Restore from another set; `quiesce backups verify` tells all damage.",
    },
  });
  await source.read(5 * MiB, new Uint8Array(1), never);
  await source.close();
});

test("T-30: a file that was cut anywhere is found, and nothing of less than it all is read", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const { full, increment, next } = await fill(repository);
  const files = [full.id, "shop/one/db/vda.index", increment.id, "shop/two/db/vda.index"];
  const anyCut = fc.tuple(fc.constantFrom(...files), fc.double({ min: 0, max: 0.999_999, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(anyCut, async ([file, where]) => {
      const path = join(place.path, file);
      const whole = await readFile(path);
      await truncate(path, Math.floor(whole.length * where));
      expect(await repository.inspect(increment)).not.toEqual([]);
      expect((await repository.verify(increment, never)).damage).not.toEqual([]);
      const read = await readOrFail(repository, increment.id);
      expect(typeof read === "string" ? read : Buffer.compare(read, next)).toBeOneOf(["damaged", 0]);
      await writeFile(path, whole);
    }),
    { numRuns: 25 },
  );
  expect(await repository.verify(increment, never)).toMatchObject({ damage: [] });
});

test("a file that was cut off, or is missing, is told at once and block by block", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const { full, increment } = await fill(repository);
  expect(await repository.inspect(increment)).toEqual([]);
  await truncate(join(place.path, full.id), 4 * MiB);
  expect(await repository.inspect(increment)).toEqual([
    { file: full.id, reason: "The file shop/one/db/vda.raw has 4194304 bytes instead of 12582912." },
  ]);
  expect((await repository.verify(increment, never)).damage).toHaveLength(2);
  expect(await readOrFail(repository, increment.id)).toBe("damaged");
  await rm(join(place.path, full.id));
  expect((await repository.verify(increment, never)).damage).toEqual([
    { file: full.id, reason: "The file shop/one/db/vda.raw is missing." },
  ]);
  expect(await readOrFail(repository, increment.id)).toBe("damaged");
  await truncate(join(place.path, "shop/two/db/vda.index"), 700);
  expect((await repository.inspect(increment))[0]?.reason).toContain("vda.index ends too early");
});

test("a parent that is missing, was stored anew or comes from elsewhere is told by name", async () => {
  await using place = await scratch();
  const repository = await openRepository(join(place.path, "a"));
  const other = await openRepository(join(place.path, "b"));
  const { increment } = await fill(repository);
  await fill(other);
  const [mine, theirs] = ["a", "b"].map((name) => join(place.path, name, "shop/one/db/vda.index"));
  const kept = await readFile(mine ?? "");
  const reasons = async () => (await repository.inspect(increment)).map(({ reason }) => reason);
  await copyFile(theirs ?? "", mine ?? "");
  expect(await reasons()).toEqual([expect.stringContaining(`belongs to another repository (${other.id})`)]);
  await rm(mine ?? "");
  expect(await reasons()).toEqual([
    "The disk shop/one/db/vda.raw is missing, which shop/two/db/vda.extents builds on.",
  ]);
  expect(await readOrFail(repository, increment.id)).toBe("damaged");
  const put = { disk: "vda", signal: never };
  await repository.folder(placeFor("one")).putDisk(put, sourceOf(new Uint8Array(12 * MiB).fill(1)));
  expect(await reasons()).toEqual([expect.stringContaining("is not the one that shop/two/db/vda.extents knows")]);
  await writeFile(mine ?? "", kept);
  expect(await reasons()).toEqual([]);
  expect(await repository.inspect({ ...increment, sha256: "0".repeat(64) })).toHaveLength(1);
});

test("a set's folder that was renamed does not pass for another set", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  await fill(repository);
  await rename(join(place.path, "shop/one"), join(place.path, "shop/three"));
  expect(await readOrFail(repository, "shop/three/db/vda.raw")).toBe("damaged");
});

test("a small file is checked: content, digest and name", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const stored = await repository.folder(placeFor("one")).putFile("domain.xml", Buffer.from("<domain/>"));
  expect(Buffer.from(await repository.readFile(stored.id)).toString()).toBe("<domain/>");
  expect(await repository.verify(stored, never)).toEqual({ bytes: 9, damage: [] });
  for (const file of [stored.id, `${stored.id}.sha256`]) {
    await flip(join(place.path, file), 3);
    await expect(repository.readFile(stored.id)).rejects.toMatchObject(damagedFailure);
    expect((await repository.verify(stored, never)).damage).toHaveLength(1);
    expect(await repository.folder(placeFor("one")).find("domain.xml")).toBeUndefined();
    await flip(join(place.path, file), 3);
  }
  await rm(join(place.path, stored.id));
  await expect(repository.readFile(stored.id)).rejects.toMatchObject(damagedFailure);
});

const setOf = (name: string): KeptSet => ({
  store: "store",
  manifest: {
    schema: "quiesce.backup/1",
    id: asId<Manifest["id"]>(name),
    name,
    kind: "backup",
    deployment: asId("shop"),
    run: asId(name),
    createdAt: asId("2030-01-01T00:00:00.000Z"),
    complete: true,
    items: [],
  },
});

test("a changed or cut off manifest, a moved one and a newer one are told; the others are whole", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  for (const name of ["one", "two"]) await repository.keepManifest(setOf(name));
  const path = join(place.path, "shop/one/manifest.json");
  const kept = await readFile(path, "utf8");
  const found = async () =>
    (await Array.fromAsync(repository.sets(never))).map((set) => ("reason" in set ? set.reason : set.is));
  const said = async (text: string) => {
    await writeFile(path, text);
    const [one, two] = await found();
    expect(two).toBe("whole");
    return one;
  };
  expect(await found()).toEqual(["whole", "whole"]);
  expect(await said(kept.replace('"complete": true', '"complete": false'))).toContain("its digest does not fit");
  expect(await said(kept.slice(0, 100))).toContain("cut off");
  expect(await said("")).toContain("cut off");
  expect(await said("null")).toContain("cut off");
  expect(await said(kept.replace("quiesce.backup/1", "quiesce.backup/2"))).toContain("a newer one may");
  expect(await said(await readFile(join(place.path, "shop/two/manifest.json"), "utf8"))).toContain("that of shop/two");
  await writeFile(path, kept);
  expect(await found()).toEqual(["whole", "whole"]);
});

test("a link that leads out of the repository is not followed when something is removed or written", async () => {
  await using place = await scratch();
  const root = join(place.path, "repository");
  const repository = await openRepository(root);
  const { full } = await fill(repository);
  await rename(join(root, "shop/one/db"), join(place.path, "elsewhere"));
  await symlink(join(place.path, "elsewhere"), join(root, "shop/one/db"));
  const folder = repository.folder(placeFor("one"));
  for (const act of [() => folder.remove(full.id), () => folder.clear(), () => folder.putFile("a", new Uint8Array(1))])
    await expect(act()).rejects.toMatchObject({
      problem: { code: "invalid", message: expect.stringContaining("leads out") },
    });
  expect((await stat(join(place.path, "elsewhere/vda.raw"))).size).toBe(12 * MiB);
});

test.each([
  "../x",
  "/etc/passwd",
  "shop/one/../../x",
  "shop/one/db/../vda.raw",
  "repository.json",
  "shop/one/owner.json",
  "",
])("%o is no stored file: nothing is read or removed", async (id) => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const folder = repository.folder(placeFor("one"));
  for (const call of [folder.remove(id), repository.openDisk(id), repository.readFile(id)])
    await expect(call).rejects.toMatchObject({ problem: { code: "invalid" } });
});
