import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Manifest, RunSummary } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Guest, labMissing, libvirtLab, requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { readBackupRecord } from "../src/vm/backup-record.ts";
import { Rig, row, statuses } from "./rig.ts";

const run = promisify(execFile);

const lines = (text: string): readonly string[] => text.split("\n").filter(Boolean);

describe.skipIf(libvirtLab() === undefined)(`backups of machines${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let db: Guest;
  let folder: string;
  beforeAll(async () => {
    db = await Guest.start(requireLibvirtLab(), "bk");
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "qz-bk-"));
  });
  afterEach(async () => {
    for (const name of lines(await db.virsh("checkpoint-list", "--name"))) await db.virsh("checkpoint-delete", name);
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => db.remove());

  const rigOf = async (): Promise<Rig> =>
    new Rig(db.lab, { db: { kind: "vm", id: db.name } }, undefined, await openRepository(join(folder, "repository")));
  const setOf = async (rig: Rig, name: string): Promise<Manifest> => {
    const [set] = await rig.store.catalogue.find(rig.deployment.id, name);
    if (set === undefined) throw new Error(`There is no set ${name}.`);
    return set;
  };
  const backUp = async (rig: Rig, name: string): Promise<RunSummary> => {
    const summary = await rig.run("backup", { kind: "backup", name });
    expect(summary.status, statuses(summary).join()).toBe("succeeded");
    return summary;
  };
  /** What is left on the host beside the machine itself. */
  const left = async (): Promise<readonly string[]> =>
    (await readdir(db.folder)).filter((name) => !["console.log", "domain.xml", "owner"].includes(name)).toSorted();

  test("a running guest that writes is stored whole, with nothing left behind", async () => {
    await using rig = await rigOf();
    await db.exec("(while :; do head -c 65536 /dev/urandom >/vdb/busy; sync; sleep 0.1; done) >/dev/null 2>&1 &");
    try {
      const backup = await backUp(rig, "one");
      expect(row(backup, "db", "backup.create")).toMatchObject({ consistency: "fs" });
    } finally {
      await db.exec("kill $(pgrep -f busy) || true");
    }
    expect(await db.fsfreezeStatus()).toBe("thawed");
    expect(await left()).toEqual(["vda.qcow2", "vdb.qcow2"]);
    expect(await db.virsh("domjobinfo")).toMatch(/None/);
    const [item] = (await setOf(rig, "one")).items;
    const record = readBackupRecord(item?.saved ?? {});
    expect(record).toMatchObject({ power: "running", consistency: "fs", name: db.name, uuid: db.uuid, nvram: null });
    for (const disk of record.disks) {
      const { stdout } = await run("e2fsck", ["-n", "-f", join(folder, "repository", disk.id)]);
      expect(stdout).toMatch(/clean|files/);
    }
  });

  test("the disks of a paused guest and their backup are identical", async () => {
    await using rig = await rigOf();
    await db.exec("head -c 300000 /dev/urandom >/vda/fresh && sync");
    await db.virsh("suspend");
    try {
      const backup = await backUp(rig, "paused");
      expect(row(backup, "db", "backup.create")).toMatchObject({ consistency: "paused" });
      const [item] = (await setOf(rig, "paused")).items;
      for (const disk of readBackupRecord(item?.saved ?? {}).disks) {
        const stored = join(folder, "repository", disk.id);
        const { stdout } = await run("qemu-img", ["compare", "-U", "-F", "raw", disk.source, stored]);
        expect(stdout).toMatch(/Images are identical/);
      }
    } finally {
      await db.virsh("resume");
    }
  });
});
