import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { openRepository } from "@quiesce/repository";
import { join } from "node:path";
import { promisify } from "node:util";
import { areInstalled } from "./copy/are-installed.ts";
import { bestOfPairs } from "./copy/best-of-pairs.ts";
import { copyByUs } from "./copy/copy-by-us.ts";
import { serveDisk } from "./copy/serve-disk.ts";

// Copies a disk of 2 GiB, half of it data, from qemu-nbd into a repository in memory, with SHA-256 of each block, and prints
// one line of the benchmark report. The peer is nbdcopy, which is written in C and does not hash.

const run = promisify(execFile);
const rounds = Number(process.env["ROUNDS"] ?? 5);
const limit = 0.8;
const dataMiB = 1024;
const line = { name: "copy-nbdcopy", peerName: "nbdcopy", unit: "MiB/s" };

const measure = async (folder: string) => {
  const disk = await serveDisk(folder, { bytes: 2 * 1024 ** 3, dataBytes: dataMiB * 1024 ** 2 });
  try {
    const copy = join(folder, "copy");
    // A run opens it once for all its disks.
    const repository = await openRepository(join(folder, "repository"));
    let content = "";
    const ours = async () => {
      content = await copyByUs(disk.socket, repository);
    };
    const peer = () => run("nbdcopy", [`nbd+unix:///vda?socket=${disk.socket}`, copy]);
    const prepare = () =>
      Promise.all([join(repository.location, "bench"), copy].map((path) => rm(path, { recursive: true, force: true })));
    const best = await bestOfPairs(rounds, { prepare, ours, peer });
    // A fast copy is worth something only if it is one.
    await run("cmp", [content, copy]);
    const speed = (ms: number) => Math.round(dataMiB / (ms / 1000));
    const ratio = best.peer / best.ours;
    const note = `2 GiB, half data, SHA-256 by us only; best of ${rounds}; at least ${limit} of the peer's speed`;
    return { ...line, ours: speed(best.ours), peer: speed(best.peer), ratio, holds: ratio >= limit, note };
  } finally {
    await disk.stop();
  }
};

const folder = await mkdtemp("/dev/shm/quiesce-bench-");
try {
  const result = areInstalled("qemu-nbd", "qemu-img", "nbdcopy")
    ? await measure(folder)
    : { ...line, ours: null, peer: null, ratio: null, holds: true, note: "not run: install qemu-utils and libnbd-bin" };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
