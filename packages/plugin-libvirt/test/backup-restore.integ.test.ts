import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore, type Repository } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  definePool,
  Guest,
  labMissing,
  libvirtLab,
  requireLibvirtLab,
  virsh,
  type LabPool,
} from "../../../labs/libvirt/lab.ts";
import { backupByHand } from "./backup-by-hand.ts";
import { Rig, row, statuses } from "./rig.ts";

const blob = "/vda/blob.bin";

describe.skipIf(libvirtLab() === undefined)(`restores from backups${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let folder: string;
  let repository: Repository;
  let db: Guest;
  let pool: LabPool;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "qr-"));
    repository = await openRepository(join(folder, "repository"));
  });
  beforeEach(async () => {
    db = await Guest.start(requireLibvirtLab(), "rdb");
    pool = await definePool(db.lab, "rp", db.folder);
  });
  afterEach(async () => {
    await pool[Symbol.asyncDispose]();
    await db.remove();
  });
  afterAll(() => rm(folder, { recursive: true }));
  const rigOf = (): Rig => new Rig(db.lab, { db: { kind: "vm", id: db.uuid } }, memoryStore(), repository);
  const volumes = async (): Promise<readonly string[]> =>
    (await virsh(db.lab, "vol-list", pool.name)).split("\n").map((line) => line.trim().split(/\s+/)[0] ?? "");

  test("overwritten disks come back in place, on new volumes, and the old ones are kept", async () => {
    await using rig = rigOf();
    await db.exec("echo kept >/vdb/note; sync");
    const before = await db.sha256(blob);
    await db.virsh("suspend");
    const from = await backupByHand(rig, db, { instance: "db", pool: pool.name });
    await db.virsh("resume");
    const [item] = from.items;
    const set = { ...from, items: [{ ...item, saved: { ...item?.saved, power: "running" } }] } as typeof from;
    await db.scribble(blob);
    await db.exec("rm /vdb/note; sync");

    const restored = await rig.run("restore", { kind: "backup", from: set });
    expect(restored.status, statuses(restored).join()).toBe("succeeded");
    await db.ready();
    expect(await db.sha256(blob)).toBe(before);
    expect(await db.exec("cat /vdb/note")).toBe("kept");
    const disks = await db.virsh("domblklist");
    expect(disks).toMatch(/vda .*quiesce-set-[0-9a-f]{8}-vda\.qcow2/);
    expect(await volumes()).toEqual(expect.arrayContaining(["vda.qcow2", "vdb.qcow2"]));
    expect((await volumes()).filter((name) => name.includes("part"))).toEqual([]);
    console.log(JSON.stringify(row(restored, "db", "backup.restore"), undefined, 1), await volumes());
  });
});
