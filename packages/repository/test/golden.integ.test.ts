import { openRepository } from "@quiesce/repository";
import { createHash } from "node:crypto";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { never, readAll } from "./model-source.ts";
import { scratch } from "./scratch.ts";

const golden = join(import.meta.dirname, "golden", "repository-1");

interface Meant {
  readonly disk: { readonly id: string; readonly sha256: string };
  readonly sha256: string;
  readonly network: { readonly id: string };
}

test("T-30: a repository of format 1 still means what it meant when it was written", async () => {
  await using place = await scratch();
  const root = join(place.path, "repository");
  // What is in version control keeps no owner and no mode.
  await cp(golden, root, { recursive: true });
  const repository = await openRepository(root, { create: false });
  const meant = JSON.parse(await readFile(`${golden}.json`, "utf8")) as Readonly<Record<string, Meant>>;
  expect(Object.keys(meant)).toHaveLength(6);
  for (const [name, { disk, sha256, network }] of Object.entries(meant)) {
    const source = await repository.openDisk(disk.id);
    expect([
      name,
      createHash("sha256")
        .update(await readAll(source))
        .digest("hex"),
    ]).toEqual([name, sha256]);
    await source.close();
    expect(Buffer.from(await repository.readFile(network.id)).toString()).toBe("<network/>\n");
    expect(await repository.verify(disk, never)).toMatchObject({ damage: [] });
  }
  const sets = await Array.fromAsync(repository.sets(never));
  expect(sets.map((set) => (set.is === "whole" ? set.manifest.name : set))).toEqual(Object.keys(meant).toSorted());
});
