/**
 * Stores a disk of many GiB with a little data, and an increment of many small parts, and reads it; prints
 * its peak memory.
 * Usage: node memory-process.ts <folder> <GiB of disk> <fragments>
 */
import type { DiskRange, DiskSource } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { never, placeFor } from "./model-source.ts";

const [root = "", gibibytes = "1", fragments = "0"] = process.argv.slice(2);
const KiB = 1024;
const bytes = Number(gibibytes) * 1024 ** 3;
const dataBytes = 96 * KiB * KiB;

const source = (ranges: () => Iterable<DiskRange>): DiskSource => ({
  bytes,
  ranges: async function* () {
    yield* ranges();
  },
  read: async (offset, into) => void into.fill((offset >> 12) | 1),
  close: async () => {},
});

const full = source(() => [
  { offset: 0, length: dataBytes, is: "data" },
  { offset: dataBytes, length: bytes - dataBytes, is: "zero" },
]);

/** Every other 64 KiB turned to zero, except some that hold data. */
const increment = source(function* () {
  for (let at = 0; at < Number(fragments); at++)
    yield { offset: at * 128 * KiB, length: 64 * KiB, is: at % 256 === 0 ? "data" : "zero" };
});

const repository = await openRepository(root);
const { id: parent } = await repository.folder(placeFor("one")).putDisk({ disk: "vda", signal: never }, full);
const put = { disk: "vda", parent, signal: never };
const { id } = await repository.folder(placeFor("two")).putDisk(put, increment);
const disk = await repository.openDisk(id);
const buffer = new Uint8Array(new SharedArrayBuffer(4 * KiB * KiB));
let ranges = 0;
for await (const range of disk.ranges(never)) {
  ranges++;
  if (range.is === "data")
    await disk.read(range.offset, buffer.subarray(0, Math.min(range.length, buffer.length)), never);
}
await disk.close();
console.log(JSON.stringify({ ranges, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) }));
process.exit();
