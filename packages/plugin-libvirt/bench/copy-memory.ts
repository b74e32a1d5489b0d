import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { openRepository } from "@quiesce/repository";
import { join } from "node:path";
import { promisify } from "node:util";
import { areInstalled } from "./copy/are-installed.ts";
import { copyByUs } from "./copy/copy-by-us.ts";
import { serveDisk } from "./copy/serve-disk.ts";

// The most memory that a fresh process holds while it copies a disk of 64 GiB with 1 GiB of data, and one of 4 GiB with as much;
// prints one line of the benchmark report. Memory must not grow with the disk.

const run = promisify(execFile);
const gib = 1024 ** 3;
const limitMiB = 200;
/** What two runs of the same may differ by. */
const flatMiB = 24;
const line = { name: "copy-memory", peerName: "a disk of 4 GiB", unit: "MiB" };
const peakMiB = async (bytes: number): Promise<number> => {
  const folder = await mkdtemp("/dev/shm/quiesce-bench-");
  try {
    const disk = await serveDisk(folder, { bytes, dataBytes: gib });
    try {
      const { stdout } = await run(process.execPath, [import.meta.filename, disk.socket, join(folder, "repository")]);
      return Math.round(Number(stdout) / 1024);
    } finally {
      await disk.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const measure = async () => {
  const [ours, peer] = [await peakMiB(64 * gib), await peakMiB(4 * gib)];
  const holds = ours <= limitMiB && ours <= peer + flatMiB;
  const note = `a disk of 64 GiB with 1 GiB of data, whole process; at most ${limitMiB}, and ${flatMiB} more than the peer`;
  return { ...line, ours, peer, ratio: peer / ours, holds, note };
};

const report = async () => {
  const result = areInstalled("qemu-nbd", "qemu-img")
    ? await measure()
    : { ...line, ours: null, peer: null, ratio: null, holds: true, note: "not run: install qemu-utils" };
  process.stdout.write(`${JSON.stringify(result)}\n`);
};

// With arguments it is the fresh process, which copies and then says how much it held at most, in KiB.
const [socket, root] = process.argv.slice(2);
if (socket === undefined || root === undefined) await report();
else {
  await copyByUs(socket, await openRepository(root));
  process.stdout.write(`${process.resourceUsage().maxRSS}\n`);
}
