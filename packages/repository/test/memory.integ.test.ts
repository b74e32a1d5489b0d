import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scratch } from "./scratch.ts";

const script = fileURLToPath(new URL("./memory-process.ts", import.meta.url));

const measure = (folder: string, ...words: readonly string[]) => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--conditions=@quiesce/source", script, folder, ...words], {
    encoding: "utf8",
  });
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return JSON.parse(stdout) as { readonly ranges: number; readonly peakMiB: number };
};

test("memory does not grow with the disk, and little with its fragments", async () => {
  await using place = await scratch();
  const small = measure(join(place.path, "small"), "1", "8");
  const sparse = measure(join(place.path, "sparse"), "64", "8");
  const fragmented = measure(join(place.path, "fragmented"), "64", "500000");
  expect(sparse.peakMiB - small.peakMiB).toBeLessThan(16);
  expect(fragmented.ranges).toBeGreaterThan(2_000);
  expect(fragmented.peakMiB - small.peakMiB).toBeLessThan(90);
  expect(sparse.peakMiB).toBeLessThan(220);
});
