import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { openRepository } from "@quiesce/repository";
import { join } from "node:path";
import { promisify } from "node:util";
import { labMissing, libvirtLab, type LibvirtLab } from "../../../labs/libvirt/lab.ts";
import { areInstalled } from "./copy/are-installed.ts";
import { bestOfPairs } from "./copy/best-of-pairs.ts";
import { copyByUs } from "./copy/copy-by-us.ts";
import { startPullGuest } from "./copy/pull-guest.ts";

// A whole pull backup of a guest of the lab, from the beginning of the job to its end, of a disk of 2 GiB, half of it data, into
// memory; prints one line of the benchmark report. The peer is virtnbdbackup, the tool that people use for it today.

const run = promisify(execFile);
const rounds = Number(process.env["ROUNDS"] ?? 3);
const limit = 1.5;
const dataMiB = 1024;
const line = { name: "copy-virtnbdbackup", peerName: "virtnbdbackup", unit: "MiB/s" };

const measure = async (lab: LibvirtLab, folder: string) => {
  const guest = await startPullGuest(lab, folder, { bytes: 2 * 1024 ** 3, dataBytes: dataMiB * 1024 ** 2 });
  try {
    const copy = join(folder, "copy");
    // A run opens it once for all its disks.
    const repository = await openRepository(join(folder, "repository"));
    const ours = async () => {
      await copyByUs(await guest.beginPull(), repository);
      await guest.endPull();
    };
    // It asks for a name and a password with every such URI; a daemon without authentication does not look at them.
    const uri = ["--uri", lab.uri, "--user", "nobody", "--password", "none"];
    const places = ["--output", copy, "--scratchdir", folder, "--socketfile", join(folder, "peer.sock")];
    const peer = () =>
      run("virtnbdbackup", ["--domain", guest.name, "--level", "copy", "--noprogress", ...uri, ...places]);
    const prepare = () =>
      Promise.all([join(repository.location, "bench"), copy].map((path) => rm(path, { recursive: true, force: true })));
    const best = await bestOfPairs(rounds, { prepare, ours, peer });
    const speed = (ms: number) => Math.round(dataMiB / (ms / 1000));
    const ratio = best.peer / best.ours;
    const note = `2 GiB, half data, SHA-256 by us only; best of ${rounds}; at least ${limit} times the peer's speed`;
    return { ...line, ours: speed(best.ours), peer: speed(best.peer), ratio, holds: ratio >= limit, note };
  } finally {
    await guest.remove();
  }
};

const lab = libvirtLab();
const folder = await mkdtemp("/dev/shm/quiesce-bench-");
const notRun = (why: string) => ({
  ...line,
  ours: null,
  peer: null,
  ratio: null,
  holds: true,
  note: `not run: ${why}`,
});
try {
  const result =
    lab === undefined
      ? notRun(labMissing)
      : areInstalled("virtnbdbackup", "qemu-img")
        ? await measure(lab, folder)
        : notRun("install virtnbdbackup and qemu-utils");
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
