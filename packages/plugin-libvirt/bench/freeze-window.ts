import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRepository } from "@quiesce/repository";
import { definePool, Guest, labMissing, libvirtLab, type LibvirtLab } from "../../../labs/libvirt/lab.ts";
import { Rig, row } from "../test/rig.ts";

// How long a guest with two disks is frozen for a backup with a checkpoint, from the freeze's return to the thaw's return, and
// prints one line of the benchmark report. The peer is the same by three processes of libvirt's own command line, as in a script.

const rounds = 7;
const limit = 0.6;
const line = { name: "freeze-window", peerName: "virsh", unit: "ms" };

const disk = (guest: Guest, name: string): string =>
  `<disk name='${name}' backup='yes' type='file'><scratch file='${guest.folder}/peer-${name}.scratch'/></disk>`;

/** What a script does between freeze and thaw; its clean-up is not counted. */
const peer = (lab: LibvirtLab, guest: Guest, folder: string, round: number): number => {
  const virsh = (...args: readonly string[]): string =>
    execFileSync(line.peerName, ["-q", "-c", lab.uri, ...args]).toString();
  const backup = join(folder, "backup.xml");
  const checkpoint = join(folder, "checkpoint.xml");
  const server = `<server transport='unix' socket='${guest.folder}/peer.nbd'/>`;
  const disks = `<disks>${disk(guest, "vda")}${disk(guest, "vdb")}</disks>`;
  writeFileSync(backup, `<domainbackup mode='pull'>${server}${disks}</domainbackup>`);
  writeFileSync(checkpoint, `<domaincheckpoint><name>peer-${round}</name></domaincheckpoint>`);
  virsh("domfsfreeze", guest.name);
  const frozen = performance.now();
  virsh("backup-begin", guest.name, backup, checkpoint);
  virsh("domfsthaw", guest.name);
  const took = performance.now() - frozen;
  virsh("domjobabort", guest.name);
  virsh("checkpoint-delete", guest.name, `peer-${round}`);
  return took;
};

const ours = async (rig: Rig, round: number): Promise<number> => {
  const name = `round-${round}`;
  const summary = await rig.run("backup", { kind: "backup", name });
  const { freezeWindowMs } = row(summary, "db", "backup.create");
  if (summary.status !== "succeeded" || freezeWindowMs === undefined) throw new Error(JSON.stringify(summary));
  // The peer's checkpoint would be another tool's for us, and ours for it a longer chain.
  await rig.run("remove_backup", { kind: "backup", name });
  return freezeWindowMs;
};

const measure = async (lab: LibvirtLab) => {
  const folder = mkdtempSync(join(tmpdir(), "qz-window-"));
  await using guest = await Guest.start(lab, "win");
  await using _pool = await definePool(lab, "win", guest.folder);
  await using rig = new Rig(
    lab,
    { db: { kind: "vm", id: guest.name } },
    undefined,
    await openRepository(join(folder, "r")),
  );
  try {
    const times: { readonly ours: number; readonly peer: number }[] = [];
    for (let round = 0; round < rounds; round += 1)
      times.push({ ours: await ours(rig, round), peer: peer(lab, guest, folder, round) });
    const best = (of: "ours" | "peer"): number => Math.min(...times.map((time) => time[of]));
    const ratio = best("ours") / best("peer");
    const each = times.map((time) => `${Math.round(time.ours)}/${Math.round(time.peer)}`).join(" ");
    const note = `at most ${limit}; best of ${rounds} pairs, ours/peer: ${each}`;
    return { ...line, ours: best("ours"), peer: best("peer"), ratio, holds: ratio <= limit, note };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const lab = libvirtLab();
const result =
  lab === undefined
    ? { ...line, ours: null, peer: null, ratio: null, holds: false, note: labMissing }
    : await measure(lab);
process.stdout.write(`${JSON.stringify(result)}\n`);
