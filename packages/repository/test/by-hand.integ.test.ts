import { openRepository } from "@quiesce/repository";
import { spawnSync } from "node:child_process";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { never, placeFor, sourceOf } from "./model-source.ts";
import { scratch } from "./scratch.ts";

const MiB = 1024 * 1024;
const hasZstd = spawnSync("zstd", ["--version"]).status === 0;

const recipe = async (): Promise<string> => {
  const readme = await readFile(join(import.meta.dirname, "..", "README.md"), "utf8");
  return /```sh\n(# restore\.sh[^]*?)```/.exec(readme)?.[1] ?? "";
};

test.each([{ compress: false }, ...(hasZstd ? [{ compress: true }] : [])])(
  "the readme's recipe restores a chain with standard tools, and refuses a damaged block: $compress",
  async (options) => {
    await using place = await scratch();
    const root = join(place.path, "repository");
    const repository = await openRepository(root, options);
    const disk = new Uint8Array(11 * MiB);
    for (let at = 0; at < 3 * MiB; at++) disk[at] = disk[8 * MiB + at] = (at * 11 + (at >> 7)) & 0xff;
    const put = { disk: "vda", signal: never };
    const { id: parent } = await repository.folder(placeFor("one")).putDisk(put, sourceOf(disk));
    disk
      .fill(0, 1000, 300_000)
      .fill(7, 5 * MiB + 1, 6 * MiB)
      .fill(8, 9 * MiB, 9 * MiB + 10);
    const ranges = [
      { offset: 1000, length: 299_000, is: "zero" as const },
      { offset: 5 * MiB + 1, length: MiB - 1, is: "data" as const },
      { offset: 9 * MiB, length: 10, is: "data" as const },
    ];
    await repository.folder(placeFor("two")).putDisk({ ...put, parent }, sourceOf(disk, ranges));

    const script = join(place.path, "restore.sh");
    await writeFile(script, await recipe());
    const target = join(place.path, "restored");
    const indexes = ["one", "two"].map((set) => join(root, "shop", set, "db", "vda.index"));
    const restore = () => spawnSync("sh", [script, target, ...indexes], { encoding: "utf8" });
    expect(restore()).toMatchObject({ status: 0, stderr: "" });
    expect(Buffer.compare(await readFile(target), disk)).toBe(0);

    await using file = await open(join(root, parent), "r+");
    await file.write(new Uint8Array([1, 2, 3]), 0, 3, 100);
    expect(restore()).toMatchObject({ status: 1, stderr: expect.stringMatching(/block 0 of .* is damaged/) });
  },
);
