import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { asId, memoryStore, type Manifest, type Repository, type RunId, type RunSummary } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  definePool,
  Guest,
  labMissing,
  libvirtLab,
  removeDomain,
  requireLibvirtLab,
  virsh,
  type LabPool,
} from "../../../labs/libvirt/lab.ts";
import { backupByHand } from "./backup-by-hand.ts";
import type { RestoreProcess } from "./restore-process.ts";
import { Rig, row, statuses } from "./rig.ts";

const run = promisify(execFile);
const blob = "/vda/blob.bin";
const script = fileURLToPath(new URL("./restore-process.ts", import.meta.url));

describe.skipIf(libvirtLab() === undefined)(`restores from backups${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let folder: string;
  let repository: Repository;
  let db: Guest;
  let pool: LabPool;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "qr-"));
    repository = await openRepository(join(folder, "repository"));
  });
  const use = async (guest: Guest): Promise<void> => {
    db = guest;
    pool = await definePool(db.lab, "rp", db.folder);
  };
  const define = async (): Promise<void> => await use(await Guest.define(requireLibvirtLab(), "rdb"));
  /** Goes on from a saved image, which is much quicker than to boot. */
  const start = async (): Promise<void> => await use(await Guest.start(requireLibvirtLab(), "rdb"));
  afterEach(async () => {
    await pool[Symbol.asyncDispose]();
    await db.remove();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const rigOf = (): Rig => new Rig(db.lab, { db: { kind: "vm", id: db.uuid } }, memoryStore(), repository);
  const backup = (rig: Rig, format: "qcow2" | "raw" = "qcow2"): Promise<Manifest> =>
    backupByHand(rig, db, { instance: "db", pool: pool.name, format });
  /** As if it had run when it was backed up. */
  const running = (taken: Manifest): Manifest => ({
    ...taken,
    items: taken.items.map((item) => ({ ...item, saved: { ...item.saved, power: "running" } })),
  });
  const restore = (rig: Rig, from: Manifest): Promise<RunSummary> => rig.run("restore", { kind: "backup", from });
  const volumes = async (): Promise<readonly string[]> => {
    await virsh(db.lab, "pool-refresh", pool.name);
    const listed = await virsh(db.lab, "vol-list", pool.name);
    return listed
      .split("\n")
      .map((line) => line.trim().split(/\s+/)[0] ?? "")
      .filter((name) => /fd|xml|qcow2|raw|part/.test(name) && name !== "domain.xml");
  };
  const diskOf = async (disk: string): Promise<string> =>
    new RegExp(`${disk}\\s+(\\S+)`).exec(await db.virsh("domblklist"))?.[1] ?? "";
  const isSame = async (one: string, other: string): Promise<boolean> =>
    run("qemu-img", ["compare", "-U", one, other]).then(
      () => true,
      () => false,
    );
  const reason = (summary: RunSummary): string | undefined => row(summary, "db", "backup.restore").reason;
  /** What the machine's disks held when it was backed up, as files of the witness. */
  const keepDisks = async (format: "qcow2" | "raw" = "qcow2"): Promise<void> => {
    for (const disk of ["vda", "vdb"])
      await run("qemu-img", [
        "convert",
        "-O",
        "raw",
        join(db.folder, `${disk}.${format}`),
        join(folder, `${disk}.kept`),
      ]);
  };
  const overwrite = async (format: "qcow2" | "raw" = "qcow2"): Promise<void> => {
    for (const disk of ["vda", "vdb"])
      await run("qemu-io", ["-f", format, "-c", "write -P 0xaa 0 12M", join(db.folder, `${disk}.${format}`)]);
  };
  const expectRestored = async (): Promise<void> => {
    for (const disk of ["vda", "vdb"])
      expect(await isSame(await diskOf(disk), join(folder, `${disk}.kept`)), disk).toBe(true);
  };

  test("overwritten disks come back in place, the guest boots with the files of then, and the old disks are kept", async () => {
    await start();
    await using rig = rigOf();
    await db.exec("echo kept >/vdb/note; sync");
    const before = await db.sha256(blob);
    await db.virsh("suspend");
    const taken = await backup(rig);
    await db.virsh("resume");
    const from = running(taken);
    await db.scribble(blob);
    await db.exec("rm /vdb/note; sync");

    const planned = await rig.plan("restore", { kind: "backup", from });
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    const restored = await rig.start(planned.value);
    expect(restored.status, statuses(restored).join()).toBe("succeeded");
    await db.ready();
    expect(await db.sha256(blob)).toBe(before);
    expect(await db.exec("cat /vdb/note")).toBe("kept");
    expect(await diskOf("vda")).toMatch(/\/quiesce-set-[0-9a-f]{8}-vda\.qcow2$/);
    const after = await volumes();
    expect(after.map((name) => name.replace(/-[0-9a-f]{8}-/, "-"))).toEqual([
      "quiesce-set-before.xml",
      "quiesce-set-vda.qcow2",
      "quiesce-set-vdb.qcow2",
      "vda.qcow2",
      "vdb.qcow2",
    ]);

    // The journal is lost, and the same run goes on: it finds all done.
    await db.exec("echo after >/vda/after; sync");
    const again = await rig.start(planned.value, restored.runId, memoryStore({ id: rig.store.id }));
    expect(again.status, statuses(again).join()).toBe("succeeded");
    expect(await db.exec("cat /vda/after")).toBe("after");
    expect(await volumes()).toEqual(after);
  });

  test("a machine that is off stays off; raw disks stay raw; holes stay holes", async () => {
    await define();
    await using rig = rigOf();
    for (const disk of ["vda", "vdb"]) {
      const [from, to] = [join(db.folder, `${disk}.qcow2`), join(db.folder, `${disk}.raw`)];
      await run("qemu-img", ["convert", "-O", "raw", from, to]);
      await rm(from);
    }
    const xml = join(db.folder, "raw.txt");
    await writeFile(xml, (await db.virsh("dumpxml")).replaceAll("qcow2", "raw"));
    await virsh(db.lab, "define", xml);
    await keepDisks("raw");
    const from = await backup(rig, "raw");
    await overwrite("raw");
    const restored = await restore(rig, from);
    expect(restored.status, statuses(restored).join()).toBe("succeeded");
    expect(await db.state()).toBe("shut off");
    await expectRestored();
    expect(await db.virsh("dumpxml")).toMatch(/type=['"]raw['"]/);
    const { stdout } = await run("qemu-img", ["info", "--output=json", await diskOf("vdb")]);
    const { "virtual-size": size, "actual-size": actual } = JSON.parse(stdout) as Record<string, number>;
    expect(actual).toBeLessThan((size ?? 0) / 4);
    expect((await volumes()).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("a damaged byte ends the restore before the machine is touched, and no new volume stays", async () => {
    await define();
    await using rig = rigOf();
    const from = await backup(rig);
    const id = from.items[0]?.artefacts.find(({ name }) => name === "vdb")?.id ?? "";
    const stored = await open(join(repository.location, `${id}.raw`), "r+").catch(() =>
      open(join(repository.location, id), "r+"),
    );
    await stored.write(Buffer.from([0x5a, 0xa5]), 0, 2, 1024);
    await stored.close();
    await db.virsh("start");
    const definition = await db.virsh("dumpxml", "--inactive");
    const restored = await restore(rig, from);
    expect(row(restored, "db", "backup.restore")).toMatchObject({ status: "failed", code: "damaged" });
    expect(await db.state()).toBe("running");
    expect(await db.virsh("dumpxml", "--inactive")).toBe(definition);
    expect(await volumes()).toEqual(["vda.qcow2", "vdb.qcow2"]);
  });

  test("a machine that is gone comes back with its UUID, its name and its volumes' names", async () => {
    await define();
    await using rig = rigOf();
    await keepDisks();
    const from = await backup(rig);
    await db.virsh("undefine");
    for (const disk of ["vda.qcow2", "vdb.qcow2"]) await virsh(db.lab, "vol-delete", disk, "--pool", pool.name);
    const restored = await restore(rig, from);
    expect(restored.status, statuses(restored).join()).toBe("succeeded");
    expect(await db.virsh("domuuid")).toBe(db.uuid);
    expect(await volumes()).toEqual(["vda.qcow2", "vdb.qcow2"]);
    await expectRestored();

    // Gone again, but its volumes are still there with other content: they are not touched.
    await db.virsh("undefine");
    await overwrite();
    await keepOverwritten();
    const again = await restore(rig, from);
    expect(again.status, statuses(again).join()).toBe("succeeded");
    expect(await diskOf("vda")).toMatch(/quiesce-set-[0-9a-f]{8}-vda\.qcow2$/);
    await expectRestored();
    for (const disk of ["vda", "vdb"])
      expect(await isSame(join(db.folder, `${disk}.qcow2`), join(folder, `${disk}.overwritten`))).toBe(true);
  });
  const keepOverwritten = async (): Promise<void> => {
    for (const disk of ["vda", "vdb"])
      await run("qemu-img", [
        "convert",
        "-O",
        "raw",
        join(db.folder, `${disk}.qcow2`),
        join(folder, `${disk}.overwritten`),
      ]);
  };

  test("a name that another machine took meanwhile is refused with both UUIDs, and nothing stays", async () => {
    await define();
    await using rig = rigOf();
    const from = await backup(rig);
    await db.virsh("undefine");
    const other = "11111111-2222-4333-8444-555555555555";
    const xml = join(db.folder, "other.txt");
    await writeFile(xml, (await readFile(join(db.folder, "domain.xml"), "utf8")).replace(db.uuid, other));
    await virsh(db.lab, "define", xml);
    const restored = await restore(rig, from);
    expect(reason(restored)).toMatch(new RegExp(`${other}.*${db.uuid}`));
    expect(await volumes()).toEqual(["vda.qcow2", "vdb.qcow2"]);
    expect(await db.virsh("domuuid")).toBe(other);
  });

  test("beside the original a machine with another UUID and other addresses boots, its cable out", async () => {
    await start();
    await using rig = rigOf();
    const xml = join(db.folder, "net.txt");
    const card =
      "<interface type='user'><mac address='52:54:00:00:00:77'/><model type='virtio'/></interface><graphics type='vnc' port='5977'/>";
    await writeFile(xml, (await db.virsh("dumpxml", "--inactive")).replace("</devices>", `${card}</devices>`));
    await virsh(db.lab, "define", xml);
    const before = await db.sha256(blob);
    await db.virsh("suspend");
    const taken = await backup(rig);
    await db.virsh("resume");
    const from = running(taken);
    const name = `${db.name.slice(0, 6)}as`;
    try {
      const planned = await rig.plan("restore", { kind: "backup", from, as: { name, connect: false } });
      if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
      const restored = await rig.start(planned.value);
      expect(restored.status, statuses(restored).join()).toBe("succeeded");
      const twin = await virsh(db.lab, "dumpxml", name);
      expect(await virsh(db.lab, "domstate", name)).toBe("running");
      expect(await db.state()).toBe("running");
      expect(await virsh(db.lab, "domuuid", name)).not.toBe(db.uuid);
      expect(twin).toMatch(/<mac address='52:54:00:(?!00:00:77)/);
      expect(twin).toMatch(/<link state='down'\/>/);
      expect(twin).not.toMatch(/port='5977'/);
      expect(await twinSha256(name)).toBe(before);
      expect(await db.sha256(blob)).toBe(before);
      const again = await rig.start(planned.value, restored.runId, memoryStore({ id: rig.store.id }));
      expect(again.status, statuses(again).join()).toBe("succeeded");
      expect((await virsh(db.lab, "list", "--all", "--name")).split("\n").filter((one) => one === name)).toHaveLength(
        1,
      );
    } finally {
      await removeDomain(db.lab, name);
    }
  });
  const twinSha256 = async (name: string): Promise<string> => {
    const agent = async (command: unknown): Promise<{ return: Record<string, unknown> }> =>
      JSON.parse(await virsh(db.lab, "qemu-agent-command", name, JSON.stringify(command))) as never;
    for (let tries = 0; ; tries += 1) {
      try {
        await agent({ execute: "guest-ping" });
        break;
      } catch (error) {
        if (tries > 200) throw error;
        await new Promise((go) => setTimeout(go, 250));
      }
    }
    const { return: started } = await agent({
      execute: "guest-exec",
      arguments: { path: "/bin/sh", arg: ["-c", `sha256sum ${blob}`], "capture-output": true },
    });
    for (;;) {
      const { return: status } = await agent({ execute: "guest-exec-status", arguments: { pid: started["pid"] } });
      if (status["exited"] === true) return Buffer.from(String(status["out-data"]), "base64").toString().slice(0, 64);
    }
  };

  test("killed in the middle of the upload and repeated: one set of new disks, whole", async () => {
    await define();
    await using rig = rigOf();
    await keepDisks();
    const from = await backup(rig);
    await overwrite();
    await db.virsh("start");
    const planned = await rig.plan("restore", { kind: "backup", from });
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    const id = asId<RunId>(crypto.randomUUID());
    const job: RestoreProcess = {
      lab: db.lab,
      members: { db: { kind: "vm", id: db.uuid } },
      plan: planned.value,
      run: id,
      store: rig.store.id,
      repository: repository.location,
    };
    await writeFile(join(folder, "job.json"), JSON.stringify(job));
    const child = spawn(process.execPath, ["--conditions=@quiesce/source", script, join(folder, "job.json")], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 60_000,
    });
    for await (const line of createInterface({ input: child.stdout }))
      if (line === "read 4194304") child.kill("SIGKILL");
    if (child.signalCode === null) await once(child, "close");
    expect(child.signalCode).toBe("SIGKILL");
    expect((await volumes()).filter((name) => name.endsWith(".part"))).toHaveLength(1);
    expect(await db.state()).toBe("running");
    const told = (await rig.doctor()).filter(({ about }) => about === `pool ${pool.name}`);
    expect(told.map(({ message }) => message)).toContainEqual(expect.stringMatching(/died: quiesce-.*-vda.*\.part\./));

    const restored = await rig.start(planned.value, id, memoryStore({ id: rig.store.id }));
    expect(restored.status, statuses(restored).join()).toBe("succeeded");
    await expectRestored();
    expect(await volumes()).toHaveLength(5);
    expect((await volumes()).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("a machine that does not start on its new disks: its user is told the way back, and it works", async () => {
    await define();
    await using rig = rigOf();
    const log = join(db.folder, "sub", "console.log");
    const xml = join(db.folder, "log.txt");
    await writeFile(xml, (await db.virsh("dumpxml")).replaceAll(/[^']*console\.log/g, log));
    await virsh(db.lab, "define", xml);
    const from = running(await backup(rig));
    await virsh(db.lab, "define", join(db.folder, "domain.xml"));
    const restored = await restore(rig, from);
    const told = reason(restored) ?? "";
    expect(told).toMatch(/old ones are whole/);
    expect(await diskOf("vda")).toMatch(/quiesce-set/);
    const [, back = ""] = /virsh define (\S+) &&/.exec(told) ?? [];
    await virsh(db.lab, "define", back);
    expect(await diskOf("vda")).toBe(db.diskPath("vda"));
    await db.virsh("start");
    expect(await db.state()).toBe("running");
  });

  test("snapshots and foreign checkpoints are refused, with their names, before anything is made", async () => {
    await define();
    await using rig = rigOf();
    const from = await backup(rig);
    await db.virsh("snapshot-create-as", "mine");
    expect(reason(await restore(rig, from))).toMatch(/snapshots \(mine\)/);
    await db.virsh("snapshot-delete", "mine");
    await db.virsh("start");
    await db.virsh("checkpoint-create-as", "theirs");
    expect(reason(await restore(rig, from))).toMatch(/not ours \(theirs\)/);
    expect(await volumes()).toEqual(["vda.qcow2", "vdb.qcow2"]);
    await db.virsh("checkpoint-delete", "theirs");
  });
});
