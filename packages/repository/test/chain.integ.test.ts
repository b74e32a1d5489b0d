import { openRepository } from "@quiesce/repository";
import { mkdtempDisposable, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { never, placeFor, readAll, sourceOf } from "./model-source.ts";

for (const compress of [false, true])
  test(`an increment reads as the disk was, over its parent; compress: ${compress}`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-repository-"));
    const repository = await openRepository(join(folder.path, "r"), { compress });
    const disk = new Uint8Array(10_000_000);
    for (let i = 0; i < 6_000_000; i++) disk[i] = (i * 7) ^ (i >> 8);
    const put = await repository.folder(placeFor("one")).putDisk({ disk: "vda", signal: never }, sourceOf(disk));
    const next = disk.slice();
    next.fill(9, 4_100_000, 4_300_000);
    next.fill(0, 100, 70_000);
    const two = await repository.folder(placeFor("two")).putDisk(
      { disk: "vda", signal: never, parent: put.id },
      sourceOf(next, [
        { offset: 100, length: 69_900, is: "zero" },
        { offset: 4_000_000, length: 400_000, is: "data" },
      ]),
    );
    expect(Buffer.compare(await readAll(await repository.openDisk(put.id)), disk)).toBe(0);
    expect(Buffer.compare(await readAll(await repository.openDisk(two.id)), next)).toBe(0);
    await expect(repository.folder(placeFor("two")).remove(put.id)).rejects.toThrow("builds on it");
    await repository.folder(placeFor("two")).putFile("domain.xml", Buffer.from("<x/>"));
    await repository.folder(placeFor("two")).remove(two.id);
    await repository.folder(placeFor("two")).remove(put.id);
    await repository.folder(placeFor("two")).remove("shop/two/db/domain.xml");
    expect(await readdir(join(folder.path, "r"))).toEqual(["repository.json"]);
  });
