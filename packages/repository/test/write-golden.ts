/**
 * Writes the golden repository of the newest format: once, before its release. One that was released is never written
 * again: it is what users have.
 */
import { asId, type KeptSet, type Manifest, type RepositoryPlace } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { never, readAll, sourceOf } from "./model-source.ts";

const root = join(import.meta.dirname, "golden", "repository-1");
if (existsSync(root)) throw new Error(`${root} is there already. Remove it first, unless it was released.`);

const placeFor = (set: string, instance: string): RepositoryPlace => ({
  tag: { store: "golden-store", deployment: asId("Shop"), run: asId(`run-${set}`) },
  backup: { name: set, kind: "backup" },
  instance: asId(instance),
});

const setOf = (name: string, items: Manifest["items"]): KeptSet => ({
  store: "golden-store",
  manifest: {
    schema: "quiesce.backup/1",
    id: asId(`run-${name}`),
    name,
    kind: "backup",
    deployment: asId("Shop"),
    run: asId(`run-${name}`),
    createdAt: asId("2030-01-01T00:00:00.000Z"),
    complete: true,
    items,
  },
});

const KiB = 1024;
/** Of several blocks where that takes no room. */
const diskOf = (compress: boolean): Uint8Array => {
  const disk = new Uint8Array((compress ? 9_000 : 300) * KiB);
  return disk.fill(0x61, 0, 3 * KiB).fill(0x62, disk.length - KiB, disk.length);
};
const steps = [
  { set: "full", ranges: undefined },
  { set: "first", ranges: [{ offset: 1 * KiB, length: 1 * KiB, is: "data" as const }] },
  {
    set: "second",
    ranges: [
      { offset: 2 * KiB, length: 1 * KiB, is: "zero" as const },
      { offset: 100 * KiB, length: 2 * KiB, is: "data" as const },
    ],
  },
];

const meant: Record<string, unknown> = {};
for (const compress of [false, true]) {
  const repository = await openRepository(root, { compress });
  const disk = diskOf(compress);
  let parent: string | undefined;
  for (const [at, { set, ranges }] of steps.entries()) {
    const name = compress ? `${set}-zstd` : set;
    for (const { offset, length, is } of ranges ?? [])
      disk.fill(is === "zero" ? 0 : 0x70 + at, offset, offset + length);
    const folder = repository.folder(placeFor(name, "db"));
    const put = { disk: "vda", signal: never, ...(parent === undefined ? {} : { parent }) };
    const stored = await folder.putDisk(put, sourceOf(disk, ranges));
    const network = await repository.folder(placeFor(name, "lan")).putFile("network.xml", Buffer.from("<network/>\n"));
    const source = await repository.openDisk(stored.id);
    const sha256 = createHash("sha256")
      .update(await readAll(source))
      .digest("hex");
    await source.close();
    meant[name] = { disk: stored, sha256, network };
    await repository.keepManifest(setOf(name, []));
    parent = stored.id;
  }
}
await writeFile(`${root}.json`, `${JSON.stringify(meant, undefined, 2)}\n`);
