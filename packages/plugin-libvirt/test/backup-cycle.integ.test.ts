import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { memoryStore, type Repository, type RunSummary } from "@quiesce/core";
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
import { Rig, row, statuses } from "./rig.ts";

const run = promisify(execFile);
const blob = "/vda/blob.bin";
const firmware = "/usr/share/OVMF/OVMF_CODE_4M.fd";
const variables = "/usr/share/OVMF/OVMF_VARS_4M.fd";

describe.skipIf(libvirtLab() === undefined)(`backup and restore${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let folder: string;
  let repository: Repository;
  let db: Guest;
  let pool: LabPool;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "qc-"));
    repository = await openRepository(join(folder, "repository"));
  });
  const use = async (guest: Guest): Promise<void> => {
    db = guest;
    pool = await definePool(db.lab, "cp", db.folder);
  };
  afterEach(async () => {
    await pool[Symbol.asyncDispose]();
    await db.remove();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const rigOf = (): Rig => new Rig(db.lab, { db: { kind: "vm", id: db.uuid } }, memoryStore(), repository);
  const succeeded = (summary: RunSummary): RunSummary => {
    expect(summary.status, statuses(summary).join()).toBe("succeeded");
    return summary;
  };
  const diskOf = async (disk: string): Promise<string> =>
    new RegExp(`${disk}\\s+(\\S+)`).exec(await db.virsh("domblklist"))?.[1] ?? "";

  test("from a full one and two increments the guest's files come back; checkpoints and a saved memory go", async () => {
    await use(await Guest.start(requireLibvirtLab(), "cyc"));
    await using rig = rigOf();
    const sums: Record<string, string> = {};
    for (const [name, incremental] of [
      ["full", false],
      ["one", true],
      ["two", true],
    ] as const) {
      await db.exec(`head -c 500000 /dev/urandom >${blob}; echo ${name} >/vdb/note; sync`);
      sums[name] = await db.sha256(blob);
      const backup = succeeded(await rig.run("backup", { kind: "backup", name, incremental }));
      expect(row(backup, "db", "backup.create").consistency).toBe("fs");
    }
    expect((await db.virsh("checkpoint-list", "--name")).split("\n").filter(Boolean)).toHaveLength(3);
    await db.scribble(blob);
    // The memory that is saved here goes with the disks of now.
    await db.virsh("managedsave");

    succeeded(await rig.run("restore", { kind: "backup", name: "two" }));
    await db.ready();
    expect(await db.sha256(blob)).toBe(sums["two"]);
    expect(await db.exec("cat /vdb/note")).toBe("two");
    expect((await db.virsh("checkpoint-list", "--name")).split("\n").filter(Boolean)).toEqual([]);
    expect(await db.virsh("dominfo")).toMatch(/Managed save:\s+no/);

    // The next one is full again, and is as good.
    await db.exec("echo after >/vdb/note; sync");
    const after = succeeded(await rig.run("backup", { kind: "backup", name: "after", incremental: true }));
    expect(row(after, "db", "backup.create").consistency).toBe("fs");
    const [set] = await rig.store.catalogue.find(rig.deployment.id, "after");
    expect(set?.items[0]?.parent).toBeUndefined();
  });

  test.skipIf(!existsSync(firmware))("UEFI variables come back with the disks, in a file of their own", async () => {
    await use(await Guest.define(requireLibvirtLab(), "cyc"));
    await using rig = rigOf();
    const vars = join(db.folder, "vars.fd");
    await copyFile(variables, vars);
    await run("chown", ["--reference", db.diskPath("vda"), vars]);
    const xml = join(db.folder, "uefi.txt");
    const os = `<loader readonly='yes' type='pflash'>${firmware}</loader><nvram>${vars}</nvram><kernel>`;
    await writeFile(xml, (await db.virsh("dumpxml")).replace("<kernel>", os));
    await virsh(db.lab, "define", xml);
    await virsh(db.lab, "pool-refresh", pool.name);
    const kept = join(folder, "vars.kept");
    await db.virsh("start", "--paused");
    await copyFile(vars, kept);
    succeeded(await rig.run("backup", { kind: "backup", quiesce: "off" }));
    await db.virsh("destroy");
    await writeFile(vars, Buffer.alloc(1024, 0xaa), { flag: "r+" });

    succeeded(await rig.run("restore", { kind: "backup" }));
    expect(await db.state()).toBe("paused");
    const nvram = /<nvram[^>]*>([^<]+)</.exec(await db.virsh("dumpxml"))?.[1] ?? "";
    expect(nvram).toMatch(/quiesce-set-[0-9a-f]{8}-nvram\.fd$/);
    expect((await readFile(nvram)).equals(await readFile(kept))).toBe(true);
    expect(await diskOf("vda")).toMatch(/quiesce-set/);
    await db.virsh("resume");
  });
});
