import { asId, type InstanceId } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { never, placeFor, readAll, sourceOf } from "./model-source.ts";
import { scratch } from "./scratch.ts";
import { runWriter } from "./writer.ts";

const MiB = 1024 * 1024;
const size = 256 * MiB;

test("a writer that is killed leaves a set that is unfinished, names its owner, and can be repeated or cleared", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const folder = repository.folder(placeFor("nightly", "run-1"));
  for (const afterMs of [0, 30, 90]) {
    expect(await runWriter([place.path, "nightly", "run-1", `${size}`], afterMs)).toBeUndefined();
    expect(await folder.find("vda")).toBeUndefined();
    expect(await folder.find("domain.xml")).toBeDefined();
    expect(await Array.fromAsync(repository.sets(never))).toEqual([
      { is: "unfinished", at: "shop/nightly", owner: { store: "store", deployment: "shop", run: "run-1" } },
    ]);
  }
  const left = await readdir(join(place.path, "shop/nightly/db"));
  expect(left.filter((name) => name.endsWith(".partial"))).toHaveLength(2);
  const stored = await folder.putDisk({ disk: "vda", signal: never }, sourceOf(new Uint8Array(5 * MiB).fill(3)));
  expect((await readdir(join(place.path, "shop/nightly/db"))).toSorted()).toEqual([
    "domain.xml",
    "domain.xml.sha256",
    "vda.index",
    "vda.raw",
  ]);
  const source = await repository.openDisk(stored.id);
  expect((await readAll(source)).every((byte) => byte === 3)).toBe(true);
  await source.close();
  await folder.clear();
  expect(await readdir(place.path)).toEqual(["repository.json"]);
});

test("of two runs that write one set, the second is refused with the first one's name, and its folder stays", async () => {
  await using place = await scratch();
  const words = (run: string) => [place.path, "nightly", run, `${8 * MiB}`];
  const ends = await Promise.all(["run-1", "run-2"].map((run) => runWriter(words(run))));
  const stored = ends.findIndex((end) => (end as { id?: string }).id === "shop/nightly/db/vda.raw");
  expect(stored).toBeGreaterThanOrEqual(0);
  expect(ends[1 - stored]).toMatchObject({
    code: "conflict",
    message: `The set nightly of deployment shop belongs to run run-${stored + 1}: ${place.path}/shop/nightly. Choose another name, or remove that set first.`,
  });
  const repository = await openRepository(place.path);
  const loser = repository.folder(placeFor("nightly", `run-${2 - stored}`));
  expect(await loser.find("vda")).toBeUndefined();
  await loser.clear();
  expect(await repository.folder(placeFor("nightly", `run-${stored + 1}`)).find("vda")).toBeDefined();
});

test("many that open a new folder at once find one repository", async () => {
  await using place = await scratch();
  const root = join(place.path, "deep", "repository");
  const opened = await Promise.all(Array.from({ length: 20 }, () => openRepository(root)));
  expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  expect(await readdir(root)).toEqual(["repository.json"]);
});

test("instances of one run that begin a set at once all find it taken by their run", async () => {
  await using place = await scratch();
  const repository = await openRepository(place.path);
  const instances = ["db", "web", "mail", "lan", "app", "log"];
  for (let round = 0; round < 40; round += 1) {
    const of = placeFor(`n${round}`, "run-1");
    const stored = instances.map(async (instance) => {
      const folder = repository.folder({ ...of, instance: asId<InstanceId>(instance) });
      return await folder.putFile("domain.xml", Buffer.from(instance));
    });
    const ids = (await Promise.all(stored)).map(({ id }) => id);
    expect(ids).toEqual(instances.map((instance) => `shop/n${round}/${instance}/domain.xml`));
    expect(await readdir(join(place.path, "shop", `n${round}`))).toContain("owner.json");
  }
});
