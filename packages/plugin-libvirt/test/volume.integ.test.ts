import { execFile } from "node:child_process";
import { chmod, copyFile, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { memoryStore, type Repository } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createPool,
  definePool,
  Guest,
  labMissing,
  libvirtLab,
  requireLibvirtLab,
  virsh,
  type LabPool,
  type LibvirtLab,
} from "../../../labs/libvirt/lab.ts";
import { Rig, row, statuses } from "./rig.ts";

const run = promisify(execFile);
const kind = { kind: "backup" } as const;

describe.skipIf(libvirtLab() === undefined)(`backups of volumes${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let lab: LibvirtLab;
  let folder: string;
  let repository: Repository;
  let pool: LabPool;
  beforeAll(async () => {
    lab = requireLibvirtLab();
    folder = await mkdtemp(join(tmpdir(), "qv-"));
    repository = await openRepository(join(folder, "repository"));
  });
  beforeEach(async () => {
    pool = await createPool(lab, "vp");
  });
  afterEach(() => pool[Symbol.asyncDispose]());
  afterAll(() => rm(folder, { recursive: true }));

  const rigOf = (id: string): Rig => new Rig(lab, { data: { kind: "volume", id } }, memoryStore(), repository);
  const path = (name: string): string => join(pool.path, name);
  const write = async (file: string, format: string, pattern: string): Promise<void> =>
    void (await run("qemu-io", [
      "-f",
      format,
      "-c",
      `write -P ${pattern} 1M 3M`,
      "-c",
      `write -P ${pattern} 30M 64k`,
      file,
    ]));
  const keep = async (file: string): Promise<string> => {
    const kept = join(folder, "kept");
    await copyFile(file, kept);
    return kept;
  };
  const isSameFile = (one: string, other: string): Promise<boolean> =>
    run("cmp", [one, other]).then(
      () => true,
      () => false,
    );

  test.each(["raw", "qcow2"])(
    "a detached %s volume comes back byte for byte, overwritten or deleted, with its holes",
    async (format) => {
      const name = `data.${format}`;
      await virsh(lab, "vol-create-as", pool.name, name, "64M", "--format", format);
      await write(path(name), format, "0x11");
      if (format === "qcow2") await run("qemu-img", ["snapshot", "-c", "inside", path(name)]);
      const kept = await keep(path(name));
      await using rig = rigOf(`${pool.name}/${name}`);
      const backup = await rig.run("backup", kind);
      expect(backup.status, statuses(backup).join()).toBe("succeeded");

      await write(path(name), format, "0x22");
      const restored = await rig.run("restore", kind);
      expect(restored.status, statuses(restored).join()).toBe("succeeded");
      expect(await isSameFile(path(name), kept)).toBe(true);
      expect(await readdir(pool.path)).toEqual([name]);
      expect(await virsh(lab, "vol-dumpxml", name, "--pool", pool.name)).toContain(`type='${format}'`);

      await virsh(lab, "vol-delete", name, "--pool", pool.name);
      const again = await rig.run("restore", kind);
      expect(again.status, statuses(again).join()).toBe("succeeded");
      expect(await isSameFile(path(name), kept)).toBe(true);
      const { stdout } = await run("du", ["--block-size=1M", path(name)]);
      expect(Number.parseInt(stdout, 10)).toBeLessThan(16);

      const removed = await rig.run("remove_backup", kind);
      expect(removed.status, statuses(removed).join()).toBe("succeeded");
      expect((await readdir(repository.location)).filter((entry) => entry.startsWith("rig"))).toEqual([]);
    },
  );

  test("a damaged byte ends a restore before the volume is touched", async () => {
    await virsh(lab, "vol-create-as", pool.name, "data.raw", "64M", "--format", "raw");
    await write(path("data.raw"), "raw", "0x11");
    await using rig = rigOf(`${pool.name}/data.raw`);
    await rig.run("backup", kind);
    const [set] = await rig.store.catalogue.find(rig.deployment.id, "set");
    const stored = await open(join(repository.location, set?.items[0]?.artefacts[0]?.id ?? ""), "r+");
    await stored.write(Buffer.from("x"), 0, 1, 31 * 1024 * 1024);
    await stored.close();
    await write(path("data.raw"), "raw", "0x22");
    const kept = await keep(path("data.raw"));
    expect(row(await rig.run("restore", kind), "data", "backup.restore")).toMatchObject({
      status: "failed",
      code: "damaged",
    });
    expect(await isSameFile(path("data.raw"), kept)).toBe(true);
    expect(await readdir(pool.path)).toEqual(["data.raw"]);
  });

  test("what a machine uses is refused before anything is done, and so is a restore when it was attached since", async () => {
    const guest = await Guest.define(lab, "vg");
    const over = await definePool(lab, "vo", guest.folder);
    try {
      await using rig = rigOf(guest.diskPath("vdb"));
      const planned = await rig.plan("backup", kind);
      expect(planned.ok ? [] : planned.problems.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(new RegExp(`attached to ${guest.name}`)),
      );
      const disk = join(guest.folder, "loose.qcow2");
      await virsh(lab, "vol-create-as", over.name, "loose.qcow2", "64M", "--format", "qcow2");
      await chmod(disk, 0o666);
      await using loose = rigOf(disk);
      expect((await loose.run("backup", kind)).status).toBe("succeeded");
      const restore = await loose.plan("restore", kind);
      if (!restore.ok) throw new Error(JSON.stringify(restore.problems));
      await write(disk, "qcow2", "0x33");
      await guest.virsh("attach-disk", disk, "vdc", "--subdriver", "qcow2", "--config");
      const kept = await keep(disk);
      expect(row(await loose.start(restore.value), "data", "backup.restore").reason).toMatch(/attached to vg-/);
      expect(await isSameFile(disk, kept)).toBe(true);
    } finally {
      await over[Symbol.asyncDispose]();
      await guest.remove();
    }
  });
});
