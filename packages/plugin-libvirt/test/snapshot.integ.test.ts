import { copyFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultOptions, memoryStore } from "@quiesce/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Guest, labMissing, libvirtLab, requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { Rig, row, statuses } from "./rig.ts";

const blob = "/vda/blob.bin";

/** QEMU of a guest; the daemon of a session keeps the number here. */
const processOf = async ({ lab, name }: Guest): Promise<number> =>
  Number(await readFile(join(dirname(lab.socket), "qemu/run", `${name}.pid`), "utf8"));

/** Seconds that a guest's clock is behind this computer's. */
const behind = async (guest: Guest): Promise<number> => {
  const [, seconds] = /^Time: (\d+)$/.exec(await guest.virsh("domtime")) ?? [];
  return Date.now() / 1000 - Number(seconds);
};

describe.skipIf(libvirtLab() === undefined)(`snapshots of machines${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let db: Guest;
  beforeAll(async () => {
    db = await Guest.start(requireLibvirtLab(), "db");
  });
  afterEach(async () => {
    for (const name of (await db.virsh("checkpoint-list", "--name")).split("\n").filter(Boolean))
      await db.virsh("checkpoint-delete", name);
    for (const name of await db.snapshots()) await db.virsh("snapshot-delete", name);
    if ((await db.state()) === "shut off") await db.start();
  });
  afterAll(() => db.remove());
  const rigOf = (store = memoryStore()): Rig => new Rig(db.lab, { db: { kind: "vm", id: db.name } }, store);

  test("taken frozen, scribbled over, restored: the same bytes, thawed, with a clock that is right; removed: nothing is left", async () => {
    await using rig = rigOf();
    const before = await db.sha256(blob);
    const backup = await rig.run("backup");
    expect(backup.status, statuses(backup).join()).toBe("succeeded");
    expect(row(backup, "db", "snapshot.create")).toMatchObject({ consistency: "fs" });
    expect(await db.fsfreezeStatus()).toBe("thawed");
    const [name = ""] = await db.snapshots();
    expect(name).toMatch(/^quiesce-set-/);
    expect((await rig.owned()).map((artefact) => artefact.name)).toEqual([name]);

    await db.scribble(blob);
    expect(await db.sha256(blob)).not.toBe(before);
    await sleep(4000);
    const restore = await rig.run("restore");
    expect(restore.status, statuses(restore).join()).toBe("succeeded");
    expect(await db.fsfreezeStatus()).toBe("thawed");
    expect(await db.sha256(blob)).toBe(before);
    expect(Math.abs(await behind(db))).toBeLessThan(3);

    const removed = await rig.run("remove_backup");
    expect(removed.status, statuses(removed).join()).toBe("succeeded");
    expect(await db.snapshots()).toEqual([]);
    expect(await rig.owned()).toEqual([]);
  });

  test("two volumes of the machine are covered by it, the one that nobody listed too", async () => {
    await using rig = new Rig(db.lab, {
      db: { kind: "vm", id: db.name },
      data: { kind: "volume", id: db.diskPath("vdb") },
    });
    const backup = await rig.run("backup");
    const volumes = backup.instances.filter(({ kind }) => kind === "volume");
    expect(volumes.map(({ status, mode }) => [mode, status])).toEqual([
      ["by-vm", "succeeded"],
      ["by-vm", "succeeded"],
    ]);
    expect((await rig.run("remove_backup")).status).toBe("succeeded");
  });

  test("a create whose journal was lost adopts what is there, a restore in another run reverts again", async () => {
    const store = memoryStore();
    await using rig = rigOf(store);
    const planned = await rig.plan("backup");
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    const first = await rig.start(planned.value);
    const made = await db.snapshots();
    const again = await rig.start(planned.value, first.runId, memoryStore({ id: store.id }));
    expect(again.status, statuses(again).join()).toBe("succeeded");
    expect(await db.snapshots()).toEqual(made);

    const before = await db.sha256(blob);
    for (const _ of ["once", "twice"]) {
      await db.scribble(blob);
      const restored = await rig.run("restore");
      expect(restored.status, statuses(restored).join()).toBe("succeeded");
      expect(await db.sha256(blob)).toBe(before);
    }
    const restore = await rig.plan("restore");
    if (!restore.ok) throw new Error(JSON.stringify(restore.problems));
    const done = await rig.start(restore.value);
    await db.exec("echo after >/vda/after; sync");
    const replayed = await rig.start(restore.value, done.runId, memoryStore({ id: store.id }));
    expect(row(replayed, "db", "snapshot.restore").status).toBe("succeeded");
    expect(await db.exec("cat /vda/after")).toBe("after");
    await rig.run("remove_backup");
  });

  test("a snapshot of somebody else is neither taken for ours nor removed, and a child of ours stays", async () => {
    await using rig = rigOf();
    await db.virsh("snapshot-create-as", "quiesce-set-theirs");
    expect((await rig.run("backup")).status).toBe("succeeded");
    await db.virsh("snapshot-create-as", "child");
    const [ours] = (await rig.owned()).map(({ name }) => name);
    expect(await db.snapshots()).toHaveLength(3);
    expect((await rig.run("remove_backup")).status).toBe("succeeded");
    expect(ours).toBeDefined();
    expect(await db.snapshots()).toEqual(["child", "quiesce-set-theirs"]);
    for (const name of ["child", "quiesce-set-theirs"]) await db.virsh("snapshot-delete", name);
  });

  test("a snapshot that took the very name of ours is refused, and left alone", async () => {
    const store = memoryStore();
    await using rig = rigOf(store);
    const planned = await rig.plan("backup");
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    const first = await rig.start(planned.value);
    const [name = ""] = await db.snapshots();
    await db.virsh("snapshot-delete", name);
    await db.virsh("snapshot-create-as", name);
    const removal = await rig.run("remove_backup");
    expect(row(removal, "db", "snapshot.remove")).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/carries no mark/),
    });
    const again = await rig.start(planned.value, first.runId, memoryStore({ id: store.id }));
    expect(row(again, "db", "snapshot.create")).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/carries no mark/),
    });
    expect(await db.snapshots()).toEqual([name]);
    expect(await db.fsfreezeStatus()).toBe("thawed");
    await db.virsh("snapshot-delete", name);
  });

  test("a restore is refused while the machine has checkpoints, before anything is done", async () => {
    await using rig = rigOf();
    await rig.run("backup");
    await db.virsh("checkpoint-create-as", "theirs");
    const planned = await rig.plan("restore");
    expect(planned.ok ? [] : planned.problems.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/checkpoints \(theirs\)/),
    );
    await db.virsh("checkpoint-delete", "theirs");
    expect((await rig.run("restore")).status).toBe("succeeded");
    await rig.run("remove_backup");
  });

  test("a paused machine comes back paused, a machine that is off comes back off, without a freeze", async () => {
    await using rig = rigOf();
    await db.virsh("suspend");
    const paused = await rig.run("backup", { name: "paused" });
    expect(paused.status, statuses(paused).join()).toBe("succeeded");
    expect(row(paused, "db", "snapshot.create").consistency).toBe("paused");
    await db.virsh("resume");
    expect((await rig.run("restore", { name: "paused" })).status).toBe("succeeded");
    expect(await db.state()).toBe("paused");
    await db.virsh("destroy");
    const off = await rig.run("backup", { name: "off" });
    expect(row(off, "db", "snapshot.create").consistency).toBe("offline");
    await db.start();
    expect((await rig.run("restore", { name: "off" })).status).toBe("succeeded");
    expect(await db.state()).toBe("shut off");
    for (const name of ["paused", "off"]) await rig.run("remove_backup", { name });
    expect(await db.snapshots()).toEqual([]);
    await db.start();
  });

  test("a restore throws a managed save image away, which would put old memory on restored disks", async () => {
    await using rig = rigOf();
    const before = await db.sha256(blob);
    await rig.run("backup");
    await db.scribble(blob);
    await db.virsh("managedsave");
    const restored = await rig.run("restore");
    expect(restored.status, statuses(restored).join()).toBe("succeeded");
    expect(await db.virsh("dominfo")).toMatch(/Managed save:\s+no/);
    expect(await db.sha256(blob)).toBe(before);
    await rig.run("remove_backup");
  });

  test("a create that was given up is not called done while QEMU still writes it", async () => {
    await using rig = rigOf();
    const options = { quiesce: "off" as const, timeoutMs: { ...defaultOptions.timeoutMs, capture: 2000 } };
    const planned = await rig.plan("backup", options);
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    const qemu = await processOf(db);
    process.kill(qemu, "SIGSTOP");
    const running = rig.start(planned.value);
    try {
      // libvirt lists the snapshot already, although QEMU has not begun with it.
      await expect.poll(() => db.snapshots(), { timeout: 10_000 }).toHaveLength(1);
      const stillGoing = await Promise.race([running.then(() => "ended"), sleep(4000, "going on")]);
      expect(stillGoing).toBe("going on");
    } finally {
      process.kill(qemu, "SIGCONT");
    }
    const backup = await running;
    expect(backup.status, statuses(backup).join()).toBe("succeeded");
    expect(await db.snapshots()).toHaveLength(1);
  });

  test("a snapshot without a freeze holds the memory, and the restored guest's clock is right again", async () => {
    await using rig = rigOf();
    await db.exec("echo kept >/run/note");
    const backup = await rig.run("backup", { quiesce: "off" });
    expect(row(backup, "db", "snapshot.create").consistency).toBe("memory");
    await db.exec("rm /run/note");
    await sleep(4000);
    expect((await rig.run("restore")).status).toBe("succeeded");
    expect(await db.exec("cat /run/note")).toBe("kept");
    expect(Math.abs(await behind(db))).toBeLessThan(3);
    await rig.run("remove_backup");
  });

  test("a disk that was attached since the snapshot is named, and nothing is done", async () => {
    await using rig = rigOf();
    await rig.run("backup");
    const disk = join(db.folder, "new.qcow2");
    await copyFile(db.diskPath("vdb"), disk);
    await db.virsh("attach-disk", disk, "vdc", "--subdriver", "qcow2", "--mode", "readonly", "--config", "--live");
    const restored = await rig.run("restore");
    expect(row(restored, "db", "snapshot.restore")).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/vdc .*new\.qcow2.* was attached since/),
    });
    expect(await db.virsh("domblklist")).toContain("vdc");
    expect(await db.fsfreezeStatus()).toBe("thawed");
  });
});
