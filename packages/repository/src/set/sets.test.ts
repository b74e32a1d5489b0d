import { asId, prunePlan, type KeptSet, type Manifest } from "@quiesce/core";
import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { never, placeFor } from "../../test/model-source.ts";
import { scratch } from "../../test/scratch.ts";
import { openRepository } from "../open-repository.ts";

const setOf = (name: string, change: Partial<Manifest> = {}): KeptSet => ({
  store: "store",
  manifest: {
    schema: "quiesce.backup/1",
    id: asId<Manifest["id"]>(`id-${name}`),
    name,
    kind: "backup",
    deployment: asId("shop"),
    run: asId(name),
    createdAt: asId("2030-01-01T00:00:00.000Z"),
    complete: true,
    items: [],
    ...change,
  },
});

const item: Manifest["items"][number] = {
  instance: asId("db"),
  kind: "vm",
  providerId: "id-of-db",
  status: "ok",
  consistency: "fs",
  artefacts: [],
  saved: {},
};

const bytes = Buffer.from("<domain/>");

test("a manifest is kept whole, replaced, and read back", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  await repository.folder(placeFor("one")).putFile("domain.xml", bytes);
  await repository.keepManifest(setOf("one", { complete: false }));
  await repository.keepManifest(setOf("one"));
  expect(await Array.fromAsync(repository.sets(never))).toEqual([{ is: "whole", ...setOf("one") }]);
  expect((await readdir(join(place.path, "shop/one"))).toSorted()).toEqual(["db", "manifest.json", "owner.json"]);
  for (const file of ["manifest.json", "owner.json", "db/domain.xml"])
    expect((await stat(join(place.path, "shop/one", file))).mode & 0o777).toBe(0o600);
});

test("a snapshot and a backup of one name lie beside each other; names of any kind come back", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const sets = [setOf("Ünïque/..\\ name"), setOf("nightly"), setOf("nightly", { kind: "snapshot", run: asId("r2") })];
  for (const set of sets) await repository.keepManifest(set);
  const found = await Array.fromAsync(repository.sets(never));
  expect(found).toEqual(expect.arrayContaining(sets.map((set) => ({ is: "whole", ...set }))));
  expect(found).toHaveLength(3);
});

test("T-26: whoever touches the files of a set makes it neither older nor younger", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const made = ["2030-01-03", "2030-01-02", "2030-01-01"].map((day) =>
    setOf(day, { createdAt: asId(`${day}T00:00:00.000Z`), items: [item] }),
  );
  for (const set of made) {
    await repository.folder(placeFor(set.manifest.name)).putFile("domain.xml", bytes);
    await repository.keepManifest(set);
  }
  const pruned = async () => {
    const found = (await Array.fromAsync(repository.sets(never))).flatMap((set) =>
      set.is === "whole" ? [set.manifest] : [],
    );
    const newestFirst = found.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    return prunePlan(newestFirst, { keepDaily: 2 }).remove.map(({ name }) => name);
  };
  const before = await pruned();
  for (const [name, year] of [
    ["2030-01-01", 2040],
    ["2030-01-03", 1999],
  ] as const)
    for (const file of await readdir(join(place.path, "shop", name), { recursive: true }))
      await utimes(join(place.path, "shop", name, file), new Date(year, 1), new Date(year, 1));
  expect(await pruned()).toEqual(before);
  expect(before).toEqual(["2030-01-01"]);
});

test("where another run's set lies, no manifest is written", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  await repository.keepManifest(setOf("one"));
  const before = await readFile(join(place.path, "shop/one/manifest.json"), "utf8");
  await expect(repository.keepManifest(setOf("one", { run: asId("other") }))).rejects.toMatchObject({
    problem: { code: "conflict", message: expect.stringContaining("belongs to run one") },
  });
  await expect(repository.keepManifest({ ...setOf("one"), store: "elsewhere" })).rejects.toMatchObject({
    problem: { code: "conflict", message: expect.stringContaining("of another store (store)") },
  });
  expect(await readFile(join(place.path, "shop/one/manifest.json"), "utf8")).toBe(before);
});

test("a manifest is dropped by its set's id; absent is success, and an empty folder is free for others", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const { manifest } = setOf("one");
  await repository.dropManifest(manifest);
  await repository.folder(placeFor("one")).putFile("domain.xml", bytes);
  await repository.keepManifest(setOf("one"));
  await repository.dropManifest({ ...manifest, id: asId("another") });
  expect(await Array.fromAsync(repository.sets(never))).toMatchObject([{ is: "whole" }]);
  await repository.dropManifest(manifest);
  expect(await Array.fromAsync(repository.sets(never))).toMatchObject([{ is: "unfinished", owner: { run: "one" } }]);
  await repository.folder(placeFor("two", "two")).remove("shop/one/db/domain.xml");
  expect(await readdir(place.path)).toEqual(["repository.json"]);
  await repository.keepManifest(setOf("one", { run: asId("other") }));
});

test("what is not ours stays when a set is removed", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const folder = repository.folder(placeFor("one"));
  await folder.putFile("domain.xml", bytes);
  await writeFile(join(place.path, "shop/one/db/notes"), "mine");
  await folder.clear();
  expect(await readdir(join(place.path, "shop/one/db"))).toEqual(["notes"]);
});

test("a folder with files but without an owner is neither taken nor removed", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  await mkdir(join(place.path, "shop/one/db"), { recursive: true });
  await writeFile(join(place.path, "shop/one/db/vda.raw"), "?");
  expect(await Array.fromAsync(repository.sets(never))).toEqual([{ is: "unfinished", at: "shop/one" }]);
  const folder = repository.folder(placeFor("one"));
  await expect(folder.putFile("domain.xml", bytes)).rejects.toMatchObject({ problem: { code: "conflict" } });
  await folder.clear();
  expect(await readdir(join(place.path, "shop/one/db"))).toEqual(["vda.raw"]);
});

test.each(["vda.raw", "vda.index", "a.sha256", "x.partial", "", "a\0b".repeat(100)])(
  "%o is no name for a small file",
  async (name) => {
    await using place = await scratch();
    const folder = (await openRepository(place.path)).folder(placeFor("one"));
    await expect(folder.putFile(name, bytes)).rejects.toMatchObject({ problem: { code: "invalid" } });
    expect(await readdir(place.path)).toEqual(["repository.json"]);
  },
);

test("a small file may have 16 MiB and no more", async () => {
  await using place = await scratch();
  const folder = (await openRepository(place.path)).folder(placeFor("one"));
  const stored = await folder.putFile("big", new Uint8Array(16 * 1024 * 1024));
  expect((await folder.readFile(stored.id)).length).toBe(16 * 1024 * 1024);
  await expect(folder.putFile("bigger", new Uint8Array(16 * 1024 * 1024 + 1))).rejects.toMatchObject({
    problem: { code: "invalid" },
  });
});
