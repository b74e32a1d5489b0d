import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Manifest, Repository, RunSummary } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { definePool, Guest, labMissing, libvirtLab, requireLibvirtLab, virsh } from "../../../labs/libvirt/lab.ts";
import { until } from "../../../labs/libvirt/until.ts";
import { readBackupRecord, type BackupRecord } from "../src/vm/backup-record.ts";
import { Rig, row, statuses } from "./rig.ts";

const run = promisify(execFile);

const mib = 1024 ** 2;

/** QEMU of a guest; the daemon of a session keeps the number here. */
const processOf = async ({ lab, name }: Guest): Promise<number> =>
  Number(await readFile(join(dirname(lab.socket), "qemu/run", `${name}.pid`), "utf8"));

const recordOf = ({ items: [item] }: Manifest): BackupRecord => readBackupRecord(item?.saved ?? {});

const lines = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

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
    if ((await db.state()) === "paused") await db.virsh("resume");
    if ((await db.state()) === "shut off") await db.virsh("start");
    await db.ready();
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
    const summary = await rig.run("backup", { kind: "backup", name, incremental: true });
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
    const record = recordOf(await setOf(rig, "one"));
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
      for (const disk of recordOf(await setOf(rig, "paused")).disks) {
        const stored = join(folder, "repository", disk.id);
        const { stdout } = await run("qemu-img", ["compare", "-U", "-F", "raw", disk.source, stored]);
        expect(stdout).toMatch(/Images are identical/);
      }
    } finally {
      await db.virsh("resume");
    }
  });

  /** The content of a disk at a set's time, put together from its chain. */
  const contentOf = async (rig: Rig, name: string, disk: string): Promise<string> => {
    const id = recordOf(await setOf(rig, name)).disks.find((one) => one.name === disk)?.id ?? "";
    const source = await rig.repository?.openDisk(id);
    if (source === undefined) throw new Error("The rig has no repository.");
    const hash = createHash("sha256");
    const { signal } = new AbortController();
    for (let at = 0; at < source.bytes; at += mib) {
      const block = new Uint8Array(Math.min(mib, source.bytes - at));
      await source.read(at, block, signal);
      hash.update(block);
    }
    await source.close();
    return hash.digest("hex");
  };
  /** The same by qemu-img, of the disk itself. */
  const diskNow = async (disk: "vda" | "vdb"): Promise<string> => {
    const raw = join(folder, `${disk}.now`);
    await run("qemu-img", ["convert", "-U", "-O", "raw", db.diskPath(disk), raw]);
    const hash = createHash("sha256")
      .update(await readFile(raw))
      .digest("hex");
    await rm(raw);
    return hash;
  };
  const kinds = (set: Manifest): readonly string[] =>
    set.items[0]?.artefacts.flatMap(({ kind, name, parent }) =>
      kind === "disk" ? [`${name} ${parent === undefined ? "full" : "increment"}`] : [],
    ) ?? [];

  test("a full one and two increments hold what the disks held, each at its time", async () => {
    await using rig = await rigOf();
    await db.virsh("suspend");
    const seen: string[] = [];
    try {
      for (const name of ["one", "two", "three"]) {
        await db.virsh("resume");
        await db.exec(`head -c 200000 /dev/urandom >/vda/${name} && head -c 5000 /dev/urandom >/vdb/${name} && sync`);
        await db.virsh("suspend");
        await backUp(rig, name);
        seen.push(await diskNow("vda"), await diskNow("vdb"));
      }
    } finally {
      await db.virsh("resume");
    }
    const sets = await Promise.all(["one", "two", "three"].map((name) => setOf(rig, name)));
    expect(sets.map(kinds)).toEqual([
      ["vda full", "vdb full"],
      ["vda increment", "vdb increment"],
      ["vda increment", "vdb increment"],
    ]);
    expect(sets.map(({ items: [item] }) => item?.parent)).toEqual([undefined, sets[0]?.id, sets[1]?.id]);
    const stored = [];
    for (const name of ["one", "two", "three"])
      for (const disk of ["vda", "vdb"]) stored.push(await contentOf(rig, name, disk));
    expect(stored).toEqual(seen);
  });

  test("T-35: lists of changes that a crash of QEMU broke: a full one that says why, then increments again", async () => {
    await using rig = await rigOf();
    await backUp(rig, "one");
    process.kill(await processOf(db), "SIGKILL");
    await until("the machine is off", async () => (await db.state()) === "shut off");
    await db.start();
    await backUp(rig, "two");
    const two = await setOf(rig, "two");
    expect(kinds(two)).toEqual(["vda full", "vdb full"]);
    await backUp(rig, "three");
    expect(kinds(await setOf(rig, "three"))).toEqual(["vda increment", "vdb increment"]);
    expect(lines(await db.virsh("checkpoint-list", "--name"))).toHaveLength(2);
  });

  test("one disk whose list of changes is lost is stored whole and says so; the other is an increment", async () => {
    await using rig = await rigOf();
    await backUp(rig, "one");
    const [checkpoint = ""] = lines(await db.virsh("checkpoint-list", "--name"));
    await db.virsh("destroy");
    await run("qemu-img", ["bitmap", "--remove", db.diskPath("vdb"), checkpoint]);
    await db.start();
    await backUp(rig, "two");
    const two = await setOf(rig, "two");
    expect(kinds(two)).toEqual(["vda increment", "vdb full"]);
    expect(two.items[0]?.notes?.join()).toMatch(/vdb was stored whole: its list of changes is lost/);
    await backUp(rig, "three");
    expect(kinds(await setOf(rig, "three"))).toEqual(["vda increment", "vdb increment"]);
    const removed = await rig.run("remove_backup", { kind: "backup", name: "three" });
    expect(removed.status, statuses(removed).join()).toBe("succeeded");
    for (const name of ["two", "one"]) await rig.run("remove_backup", { kind: "backup", name });
    await db.virsh("destroy");
    const { stdout } = await run("qemu-img", ["info", "--output=json", db.diskPath("vda")]);
    expect(stdout).not.toContain("bitmaps");
    await db.start();
  });

  test("a machine that is off is backed up without being run, and is off again; increments too", async () => {
    await using rig = await rigOf();
    await backUp(rig, "on");
    await db.virsh("destroy");
    const backup = await backUp(rig, "off");
    expect(row(backup, "db", "backup.create")).toMatchObject({ consistency: "offline" });
    expect(await db.state()).toBe("shut off");
    expect(await db.virsh("dumpxml", "--inactive")).not.toContain("woken");
    expect(kinds(await setOf(rig, "off"))).toEqual(["vda increment", "vdb increment"]);
    expect(await contentOf(rig, "off", "vda")).toBe(await diskNow("vda"));
    const removed = await rig.run("remove_backup", { kind: "backup", name: "off" });
    expect(removed.status, statuses(removed).join()).toBe("succeeded");
    expect(lines(await db.virsh("checkpoint-list", "--name"))).toHaveLength(1);
    expect(await db.state()).toBe("shut off");
    await db.start();
  });

  test("a saved machine is read by a machine that stands in, and its saved memory stays", async () => {
    await using rig = await rigOf();
    await db.exec("echo in memory >/tmp/proof; sync");
    await db.virsh("managedsave");
    const backup = await backUp(rig, "saved");
    expect(row(backup, "db", "backup.create")).toMatchObject({ consistency: "paused" });
    expect(await db.virsh("dominfo")).toMatch(/Managed save: +yes/);
    expect(await contentOf(rig, "saved", "vda")).toBe(await diskNow("vda"));
    expect(lines(await virsh(db.lab, "list", "--name", "--transient"))).toEqual([]);
    await db.virsh("start");
    await db.ready();
    expect(await db.exec("cat /tmp/proof")).toBe("in memory");
  });

  test("removal takes exactly what the backup made", async () => {
    await using rig = await rigOf();
    await backUp(rig, "one");
    expect(await rig.owned()).toHaveLength(1);
    const removed = await rig.run("remove_backup", { kind: "backup", name: "one" });
    expect(removed.status, statuses(removed).join()).toBe("succeeded");
    expect(await rig.owned()).toEqual([]);
    expect(lines(await db.virsh("checkpoint-list", "--name"))).toEqual([]);
    expect(await readdir(join(folder, "repository"))).toEqual(["repository.json"]);
  });

  test("a checkpoint of another tool: refused before anything is frozen, and not touched", async () => {
    await using rig = await rigOf();
    await db.virsh("checkpoint-create-as", "--name", "foreign");
    await expect(rig.run("backup", { kind: "backup", name: "one" })).rejects.toThrow(/foreign/);
    expect(lines(await db.virsh("checkpoint-list", "--name"))).toEqual(["foreign"]);
    expect(await left()).toEqual(["vda.qcow2", "vdb.qcow2"]);
  });

  test("a snapshot is restored although backups left checkpoints, and the next backup is a full one", async () => {
    await using rig = await rigOf();
    const before = await db.sha256("/vda/blob.bin");
    const snapshot = await rig.run("backup", { kind: "snapshot", name: "snap" });
    expect(snapshot.status, statuses(snapshot).join()).toBe("succeeded");
    await backUp(rig, "one");
    await db.scribble("/vda/blob.bin");
    const restored = await rig.run("restore", { kind: "snapshot", name: "snap" });
    expect(restored.status, statuses(restored).join()).toBe("succeeded");
    expect(await db.sha256("/vda/blob.bin")).toBe(before);
    await backUp(rig, "two");
    expect(kinds(await setOf(rig, "two"))).toEqual(["vda full", "vdb full"]);
    await rig.run("remove_backup", { kind: "snapshot", name: "snap" });
  });

  test("in a pool the scratch files are volumes, made before the freeze and gone afterwards", async () => {
    await using rig = await rigOf();
    await using pool = await definePool(db.lab, "bk", db.folder);
    await backUp(rig, "one");
    await virsh(db.lab, "pool-refresh", pool.name);
    expect(await virsh(db.lab, "vol-list", pool.name)).not.toContain("scratch");
    expect(recordOf(await setOf(rig, "one")).disks).toMatchObject([
      { pool: pool.name, volume: "vda.qcow2" },
      { pool: pool.name, volume: "vdb.qcow2" },
    ]);
  });
});

describe.skipIf(libvirtLab() === undefined || process.getuid?.() !== 0)(
  `scratch files that fill up${libvirtLab() ? "" : ` (${labMissing})`}`,
  () => {
    test("a guest that stands still for want of room runs on, the backup is given up in plain words, the next one works", async () => {
      const lab = requireLibvirtLab();
      await using stack = new AsyncDisposableStack();
      const guest = stack.use(await Guest.define(lab, "full"));
      // A disk of 64 MiB in a file system that has room for its content and little else.
      const small = join(guest.folder, "small");
      await mkdir(small, { mode: 0o777 });
      await run("mount", ["-t", "tmpfs", "-o", "size=20m,mode=0777", "tmpfs", small]);
      stack.defer(async () => void (await run("umount", ["-l", small])));
      await run("cp", ["--preserve=ownership", guest.diskPath("vdb"), join(small, "vdb.qcow2")]);
      await guest.virsh("detach-disk", "vdb", "--config");
      await guest.virsh("attach-disk", join(small, "vdb.qcow2"), "vdb", "--subdriver", "qcow2", "--config");
      const pool = await definePool(lab, "full", small);
      stack.defer(() => pool[Symbol.asyncDispose]());
      const other = await definePool(lab, "full", guest.folder);
      stack.defer(() => other[Symbol.asyncDispose]());
      await guest.start();
      const folder = await mkdtemp(join(tmpdir(), "qz-full-"));
      stack.defer(() => rm(folder, { recursive: true }));
      await guest.exec("head -c 8000000 /dev/urandom >/vdb/old && sync");
      const slow = slowed(await openRepository(join(folder, "repository")), async () => {
        // What the guest overwrites has to be kept, and there is no room for it.
        void guest.exec("head -c 8000000 /dev/urandom >/vdb/old; sync").catch(() => {});
        await until("the guest stands still", async () => (await guest.virsh("domstate", "--reason")).includes("I/O"));
        await until("it goes on", async () => (await guest.state()) === "running");
      });
      await using rig = new Rig(lab, { db: { kind: "vm", id: guest.name } }, undefined, slow);
      const given = await rig.run("backup", { kind: "backup", name: "one" });
      expect(row(given, "db", "backup.create")).toMatchObject({
        status: "failed",
        code: "quota-exceeded",
        reason: expect.stringMatching(/no room left for what the guest overwrote/) as string,
      });
      expect(given.held).toEqual([]);
      expect(await guest.state()).toBe("running");
      expect(await guest.exec("echo alive")).toBe("alive");
      expect(lines(await guest.virsh("checkpoint-list", "--name"))).toEqual([]);
      const next = await rig.run("backup", { kind: "backup", name: "two" });
      expect(next.status, statuses(next).join()).toBe("succeeded");
    });
  },
);

/** A repository that waits once, before the first byte of `vdb`. */
const slowed = (repository: Repository, wait: () => Promise<void>): Repository => {
  let waited = false;
  return {
    ...repository,
    folder: (place) => {
      const folder = repository.folder(place);
      return {
        ...folder,
        putDisk: async (put, source) => {
          const first = !waited && put.disk === "vdb";
          waited ||= first;
          if (first) await wait();
          return await folder.putDisk(put, source);
        },
      };
    },
  };
};
