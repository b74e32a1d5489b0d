import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { labMissing, libvirtLab, requireLibvirtLab } from "../../../../labs/libvirt/lab.ts";
import { connectNbd, listNbdExports, unixSocket, type NbdError } from "../../src/nbd/index.ts";
import { applied, rangesOf } from "./disk-content.ts";
import { startPausedGuest } from "./paused-guest.ts";

const { signal } = new AbortController();
const found = libvirtLab() !== undefined;
if (!found) console.warn(labMissing);

describe.skipIf(!found)("against a pull backup of a real libvirt", () => {
  test("a full backup and then a difference are the disk, byte for byte", async () => {
    const lab = requireLibvirtLab();
    const name = `pull-${process.pid}`;
    const guest = await startPausedGuest(lab, name, ["write -P 1 0 1M", "write -P 2 10M 3M"]);
    onTestFinished(guest.remove);
    const rawFile = join(lab.workDir, name, "raw");

    const first = await guest.beginPull("c1");
    expect(await listNbdExports({ socket: unixSocket(first) })).toEqual(["vda"]);
    const full = await connectNbd({ socket: unixSocket(first), export: "vda" });
    // Written after the backup began: it keeps the bytes of before.
    await guest.content(rawFile);
    const before = await readFile(rawFile);
    await guest.write("write -P 3 20M 128k");
    const copy = await applied(full, await rangesOf(full), Buffer.alloc(full.bytes, 0xee));
    expect(Buffer.compare(copy, before)).toBe(0);
    await full.close();
    await guest.endPull();

    await guest.write("write -z 10M 1M");
    await guest.write("write -P 4 0 64k");
    const contexts = ["base:allocation", "qemu:dirty-bitmap:backup-vda"];
    const second = await guest.beginPull("c2", "c1");
    const difference = await connectNbd({ socket: unixSocket(second), export: "vda", contexts });
    const ranges = await rangesOf(difference);
    expect(ranges).toEqual([
      { offset: 0, length: 65_536, is: "data" },
      { offset: 10_485_760, length: 1_048_576, is: "zero" },
      { offset: 20_971_520, length: 131_072, is: "data" },
    ]);
    await guest.content(rawFile);
    expect(Buffer.compare(await applied(difference, ranges, copy), await readFile(rawFile))).toBe(0);

    // The end of the job ends the export: a reader must not wait.
    await guest.endPull();
    const read = () =>
      difference.read(0, Buffer.alloc(512), signal).then(
        () => "read",
        (error: NbdError) => error.code,
      );
    await expect.poll(read, { timeout: 5000 }).toBe("closed");
    await expect(connectNbd({ socket: unixSocket(second), export: "vda" })).rejects.toMatchObject({ code: "connect" });
  });
});
