/**
 * Stores a disk of 2 GiB, half of it data, from a file in memory to a folder in memory, with SHA-256 of each block.
 * The peer copies the same file with cp, which knows its holes, and hashes its content with sha256sum.
 * Usage, after a build: node bench/copy-file.ts [folder] [zstd]
 */
import { asId, type DiskSource, type InstanceId } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";

const MiB = 1024 * 1024;
const size = 2048 * MiB;
/** Data and holes take turns. */
const stretch = 16 * MiB;
const rounds = 5;
const [place = "/dev/shm", encoding] = process.argv.slice(2);

const stretches = Array.from({ length: size / stretch }, (_, at) => ({
  offset: at * stretch,
  length: stretch,
  is: at % 2 === 0 ? ("data" as const) : ("zero" as const),
}));

const writeSource = async (path: string): Promise<void> => {
  await using file = await open(path, "w");
  const bytes = new Uint8Array(stretch);
  for (const { offset, is } of stretches)
    if (is === "data") await file.write(randomFillSync(bytes), 0, stretch, offset);
  await file.truncate(size);
};

const sourceAt = async (path: string): Promise<DiskSource> => {
  const file = await open(path);
  return {
    bytes: size,
    ranges: async function* () {
      yield* stretches;
    },
    read: async (offset, into) => {
      const { bytesRead } = await file.read(into, 0, into.length, offset);
      if (bytesRead !== into.length) throw new Error("The source is shorter than it was.");
    },
    close: () => file.close(),
  };
};

const folder = await mkdtemp(join(place, "quiesce-bench-"));
const [path, copy] = [join(folder, "source"), join(folder, "copy")];
const run = (command: string, ...words: readonly string[]): void => {
  if (spawnSync(command, words).status !== 0) throw new Error(`${command} failed`);
};
const repository = await openRepository(join(folder, "repository"), { compress: encoding === "zstd" });
const ours = async (): Promise<number> => {
  const source = await sourceAt(path);
  const tag = { store: "bench", deployment: asId<never>("bench"), run: asId<never>("bench") };
  const instance = asId<InstanceId>("vm");
  const target = repository.folder({ tag, backup: { name: "bench", kind: "backup" }, instance });
  const from = performance.now();
  const { id } = await target.putDisk({ disk: "vda", signal: new AbortController().signal }, source);
  const took = performance.now() - from;
  await source.close();
  await target.remove(id);
  return took;
};
const theirs = async (): Promise<number> => {
  const from = performance.now();
  run("cp", "--sparse=auto", path, copy);
  run("sha256sum", path);
  const took = performance.now() - from;
  await rm(copy);
  return took;
};

try {
  await writeSource(path);
  let [best, peer] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    best = Math.min(best, await ours());
    peer = Math.min(peer, await theirs());
  }
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  const line = {
    name: "copy-file",
    ours: Math.round(best),
    peer: Math.round(peer),
    peerName: "cp and sha256sum",
    ratio: peer / best,
    unit: "ms",
    holds: best <= peer,
    note: `2 GiB, half data, best of ${rounds}; peak memory ${peakMiB} MiB`,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
} finally {
  await rm(folder, { recursive: true });
}
