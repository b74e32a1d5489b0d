// The lab proves itself: what other tests rely on when they judge by it.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import {
  createPool,
  defineNetwork,
  Guest,
  imageChain,
  labMissing,
  libvirtLab,
  type LibvirtLab,
  requireLibvirtLab,
  virsh,
} from "../../../labs/libvirt/lab.ts";

const run = promisify(execFile);
const labs = join(import.meta.dirname, "..", "..", "..", "labs", "libvirt");

describe("libvirtLab", () => {
  it("is undefined without a file, and says how to get the lab where one is required", () => {
    const env = { QUIESCE_LAB_LIBVIRT: "/does/not/exist.json" };
    expect(libvirtLab(env)).toBeUndefined();
    expect(() => libvirtLab({ ...env, QUIESCE_REQUIRE_LABS: "vsphere,libvirt" })).toThrow(/exist\.json.*install\.sh/);
    expect(libvirtLab({ ...env, QUIESCE_REQUIRE_LABS: "vsphere" })).toBeUndefined();
  });

  it("does not take the file of a daemon that is gone, and refuses a damaged one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lab-"));
    const file = join(folder, "lab.json");
    const here = { uri: "u", socket: file, guestDir: folder, workDir: folder, pid: process.pid };
    try {
      await writeFile(file, JSON.stringify(here));
      expect(libvirtLab({ QUIESCE_LAB_LIBVIRT: file })).toBeUndefined();
      await writeFile(file, JSON.stringify({ ...here, uri: undefined }));
      expect(() => libvirtLab({ QUIESCE_LAB_LIBVIRT: file })).toThrow(/lacks/);
      await writeFile(file, "{");
      expect(() => libvirtLab({ QUIESCE_LAB_LIBVIRT: file })).toThrow(/not JSON/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const missing = libvirtLab() === undefined;

describe.skipIf(missing)(`the libvirt lab${missing ? `: ${labMissing}` : ""}`, () => {
  let lab: LibvirtLab;
  beforeAll(() => {
    lab = requireLibvirtLab();
  });
  const domains = async (): Promise<readonly string[]> => (await virsh(lab, "list", "--all", "--name")).split("\n");

  describe("two guests of the lab", () => {
    let web: Guest;
    let db: Guest;
    beforeAll(async () => {
      [web, db] = await Promise.all([Guest.start(lab, "web"), Guest.start(lab, "db")]);
    });
    afterAll(() => Promise.all([web, db].map((guest) => guest.remove())));

    it("run side by side with names and UUIDs of their own", async () => {
      expect([await web.state(), await db.state()]).toEqual(["running", "running"]);
      expect(web.name).toMatch(/^web-[0-9a-f]{8}$/);
      expect(await domains()).toEqual(expect.arrayContaining([web.name, db.name]));
      expect(await web.virsh("domuuid")).toBe(web.uuid);
      await web.exec("echo mine >/vda/mark; sync");
      expect(await db.exec("ls /vda")).not.toContain("mark");
    });

    it("have the host's time", async () => {
      const [, seconds] = (await web.virsh("domtime")).match(/^Time: (\d+)$/) ?? [];
      expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(5);
    });

    it("freeze and thaw by virsh, each for itself, and a writer stands still meanwhile", async () => {
      await web.exec(
        "touch /run/write; while [ -e /run/write ]; do echo >>/vda/ticks; cut -d' ' -f1 /proc/uptime >>/run/ticks; sleep 0.1; done >&- 2>&- &",
      );
      await web.virsh("domfsfreeze");
      expect(await web.fsfreezeStatus()).toBe("frozen");
      expect(await db.fsfreezeStatus()).toBe("thawed");
      await sleep(1500);
      await web.virsh("domfsthaw");
      expect(await web.fsfreezeStatus()).toBe("thawed");
      await sleep(500);
      const ticks = (await web.exec("rm /run/write; cat /run/ticks")).split("\n").map(Number);
      const gaps = ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? 0));
      expect(Math.max(...gaps)).toBeGreaterThan(1.2);
    });

    it("hash a file, scribble over it, and have it back after a revert to a snapshot", async () => {
      const blob = (await readFile(join(lab.guestDir, "blob.sha256"), "utf8")).slice(0, 64);
      expect(await db.sha256("/vda/blob.bin")).toBe(blob);
      await db.virsh("snapshot-create-as", "before");
      expect(await db.snapshots()).toEqual(["before"]);
      const [image] = await imageChain(db.diskPath("vda"));
      expect(image?.snapshots?.map(({ name }) => name)).toEqual(["before"]);
      await db.scribble("/vda/blob.bin");
      expect(await db.sha256("/vda/blob.bin")).not.toBe(blob);
      await db.virsh("snapshot-revert", "before");
      await db.ready();
      expect(await db.sha256("/vda/blob.bin")).toBe(blob);
    });

    it("sleep and wake up as the same machine that fell asleep", async () => {
      await web.exec("echo awake >/run/note");
      await web.virsh("dompmsuspend", "mem");
      await expect.poll(() => web.state(), { timeout: 30_000 }).toBe("pmsuspended");
      await web.virsh("dompmwakeup");
      await web.ready();
      expect(await web.exec("cat /run/note")).toBe("awake");
    });

    it("shut down by the agent and boot again with what was written", async () => {
      await db.exec("echo kept >/vdb/note");
      await db.virsh("shutdown");
      await expect.poll(() => db.state(), { timeout: 30_000 }).toBe("shut off");
      await db.start();
      expect(await db.exec("cat /vdb/note")).toBe("kept");
      expect(await db.console()).toContain("LAB ready");
    });

    it("stay without an answer when the agent hangs", async () => {
      await web.hangAgent();
      const ping = web.virsh("qemu-agent-command", '{"execute":"guest-ping"}', "--timeout", "2");
      await expect(ping).rejects.toThrow(/not responding/);
      expect(await web.state()).toBe("running");
    });
  });

  it("boots a guest that has one disk and no agent", async () => {
    await using guest = await Guest.start(lab, "bare", { agent: false, disks: 1 });
    expect(await guest.console()).toContain("LAB mounted vda");
    expect(await guest.virsh("domblklist")).not.toContain("vdb");
    await expect(guest.virsh("domfsfreeze")).rejects.toThrow(/agent is not configured/);
  });

  it("leaves a guest off that is only defined", async () => {
    await using guest = await Guest.define(lab, "off");
    expect(await guest.state()).toBe("shut off");
  });

  it("has pools with volumes and networks that are defined, and removes both", async () => {
    const names: string[] = [];
    {
      await using pool = await createPool(lab, "pool");
      await using network = await defineNetwork(lab, "net");
      names.push(pool.name, network.name);
      await virsh(lab, "vol-create-as", pool.name, "data.qcow2", "8M", "--format", "qcow2");
      expect(existsSync(join(pool.path, "data.qcow2"))).toBe(true);
      expect(await virsh(lab, "net-dumpxml", network.name)).toContain("192.168.150.1");
    }
    const left = `${await virsh(lab, "pool-list", "--all", "--name")}\n${await virsh(lab, "net-list", "--all", "--name")}`;
    for (const name of names) expect(left).not.toContain(name);
  });

  describe("what a test process leaves", () => {
    const code = `
      import { Guest, libvirtLab } from ${JSON.stringify(join(labs, "lab.ts"))};
      const guest = await Guest.define(libvirtLab(), "left");
      console.log(guest.name);
    `;

    it("is removed at its end, although it never said so", async () => {
      const { stdout } = await run(process.execPath, [
        "--input-type=module-typescript",
        "-e",
        `${code} process.exit(1)`,
      ]).catch((error: { stdout: string }) => error);
      expect(stdout).toMatch(/^left-/);
      expect(await domains()).not.toContain(stdout.trim());
      expect(existsSync(join(lab.workDir, stdout.trim()))).toBe(false);
    });

    it("is removed by the next up.sh when it was killed", async () => {
      const child = spawn(process.execPath, [
        "--input-type=module-typescript",
        "-e",
        `${code} setInterval(() => {}, 1e3)`,
      ]);
      onTestFinished(() => void child.kill("SIGKILL"));
      const name = String(await Promise.race([once(child.stdout, "data"), once(child, "exit")])).trim();
      expect(await domains()).toContain(name);
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(await domains()).toContain(name);
      await run(join(labs, "up.sh"), { env: { ...process.env, QUIESCE_LABS_DIR: dirname(dirname(lab.workDir)) } });
      expect(await domains()).not.toContain(name);
      expect(existsSync(join(lab.workDir, name))).toBe(false);
    });
  });
});
