import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { memoryStore, type Manifest, type Repository, type RunSummary } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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
import { Rig, statuses } from "./rig.ts";

const run = promisify(execFile);
const blob = "/vda/blob.bin";

describe.skipIf(libvirtLab() === undefined)(`ways back from restores${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let folder: string;
  let repository: Repository;
  let db: Guest;
  let pool: LabPool;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "qu-"));
    repository = await openRepository(join(folder, "repository"));
  });
  const use = async (guest: Guest): Promise<void> => {
    db = guest;
    pool = await definePool(db.lab, "up", db.folder);
  };
  afterEach(async () => {
    await pool[Symbol.asyncDispose]();
    await db.remove();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const rigOf = (): Rig => new Rig(db.lab, { db: { kind: "vm", id: db.uuid } }, memoryStore(), repository);
  const backup = (rig: Rig): Promise<Manifest> =>
    backupByHand(rig, db, { instance: "db", pool: pool.name, format: "qcow2" });
  const restore = (rig: Rig, from: Manifest): Promise<RunSummary> => rig.run("restore", { kind: "backup", from });
  const volumes = async (): Promise<readonly string[]> => {
    await virsh(db.lab, "pool-refresh", pool.name);
    const listed = (await virsh(db.lab, "vol-list", pool.name)).split("\n");
    return listed
      .map((line) => line.trim().split(/\s+/)[0] ?? "")
      .filter((name) => /fd|xml|qcow2|part|restore/.test(name) && name !== "domain.xml");
  };
  const diskOf = async (disk: string): Promise<string> =>
    new RegExp(`${disk}\\s+(\\S+)`).exec(await db.virsh("domblklist"))?.[1] ?? "";

  test("taken back, the guest boots with what it held before the restore", async () => {
    await use(await Guest.start(requireLibvirtLab(), "udb"));
    await using rig = rigOf();
    const then = await db.sha256(blob);
    await db.virsh("suspend");
    const taken = await backup(rig);
    await db.virsh("resume");
    // As if it had run when it was backed up.
    const items = taken.items.map((item) => ({ ...item, saved: { ...item.saved, power: "running" } }));
    const from = { ...taken, items };
    await db.scribble(blob);
    await db.exec("sync");
    const now = await db.sha256(blob);
    expect(now).not.toBe(then);
    const before = await volumes();

    const restored = await restore(rig, from);
    expect(restored.status, statuses(restored).join()).toBe("succeeded");
    expect(await diskOf("vda")).not.toBe(db.diskPath("vda"));
    const [point] = await rig.store.recoveries({});
    expect(point?.point).toMatchObject({ is: "old-disks", bytes: expect.any(Number) });
    expect(JSON.stringify(point?.point.kept)).toMatch(/"writtenAt":"\d/);

    const undone = await rig.revoke("undo");
    expect(undone.status, statuses(undone).join()).toBe("succeeded");
    await db.ready();
    expect(await db.sha256(blob)).toBe(now);
    expect(await volumes()).toEqual(before);
    expect(await diskOf("vda")).toBe(db.diskPath("vda"));
  });

  test("a machine that came back is removed by an undo; what is used elsewhere stays; committed, the old disks go", async () => {
    await use(await Guest.define(requireLibvirtLab(), "udb"));
    await using rig = rigOf();
    const from = await backup(rig);
    const kept = join(folder, "vda.kept");
    await run("qemu-img", ["convert", "-O", "raw", db.diskPath("vda"), kept]);
    await db.virsh("undefine");
    for (const disk of ["vda.qcow2", "vdb.qcow2"]) await virsh(db.lab, "vol-delete", disk, "--pool", pool.name);
    await restore(rig, from);
    expect(await volumes()).toEqual(["vda.qcow2", "vdb.qcow2"]);
    const undone = await rig.revoke("undo");
    expect(undone.status, statuses(undone).join()).toBe("succeeded");
    expect(await volumes()).toEqual([]);
    await expect(db.virsh("domuuid")).rejects.toThrow(/./u);

    // Restored in place, and then the old disk is given to another machine.
    await restore(rig, from);
    await restore(rig, from);
    const other = "11111111-2222-4333-8444-666666666666";
    const xml = join(db.folder, "other.txt");
    const name = `${db.name.slice(0, 6)}ot`;
    const definition = (await readFile(join(db.folder, "domain.xml"), "utf8"))
      .replace(db.uuid, other)
      .replace(`<name>${db.name}<`, `<name>${name}<`);
    await writeFile(xml, definition);
    await virsh(db.lab, "define", xml);
    try {
      const here = await volumes();
      expect(statuses(await rig.revoke("commit")).join()).toMatch(new RegExp(`needed by ${name}`));
      expect(statuses(await rig.revoke("undo")).join()).toMatch(new RegExp(`used by ${name}`));
      expect(await volumes()).toEqual(here);
    } finally {
      await virsh(db.lab, "undefine", name);
    }
    const taken = await rig.revoke("undo");
    expect(taken.status, statuses(taken).join()).toBe("succeeded");
    expect(await volumes()).toEqual(["vda.qcow2", "vdb.qcow2"]);

    await restore(rig, from);
    const committed = await rig.revoke("commit");
    expect(committed.status, statuses(committed).join()).toBe("succeeded");
    await run("qemu-img", ["compare", "-U", await diskOf("vda"), kept]);
    expect((await volumes()).map((name) => name.replace(/-[0-9a-f]{8}-/, "-"))).toEqual([
      "quiesce-set-vda.qcow2",
      "quiesce-set-vdb.qcow2",
    ]);
    await expect(rig.revoke("undo")).rejects.toThrow(/way back/);
  });
});
