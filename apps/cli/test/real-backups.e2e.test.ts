// Backups of bytes by the shipped command line, of real QEMU machines. The judges are virsh, qemu-img and the guest agent.
import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
import { compareImages, filesIn, flipByte } from "./fixture/stored-disk.ts";
import { startDesk, type Desk, type Ended } from "./fixture/world.ts";

const blob = "/vda/blob.bin";
const notes = "/vdb/notes.txt";

const missing = libvirtLab() === undefined;

describe.skipIf(missing)(`backups of real guests${missing ? `: ${labMissing}` : ""}`, () => {
  const lab = libvirtLab();
  let desk: Desk;
  let db: Guest;
  let pool: LabPool;

  beforeAll(async () => {
    if (lab === undefined) return;
    desk = await startDesk();
    db = await Guest.start(lab, "bk");
    pool = await definePool(lab, "bk", db.folder);
    await desk.write(
      "shop.yaml",
      [
        "quiesce: 1",
        "name: shop",
        `providers: { hv: { plugin: libvirt, uri: "${lab.uri}" } }`,
        "instances:",
        `  db: { provider: hv, kind: vm, id: ${db.name}, quiesce: required }`,
      ].join("\n"),
    );
  });

  afterAll(async () => {
    for (const one of [pool, db, desk]) await one?.[Symbol.asyncDispose]();
  });

  const quiesce = async (...args: readonly string[]): Promise<Ended> => await desk.run(args);
  const repository = (): string => join(desk.stateDir, "repository");
  const backup = async (name: string, ...more: readonly string[]): Promise<Ended> =>
    await quiesce("backup", "shop.yaml", "--name", name, "--json", ...more);
  const restore = async (name: string, ...more: readonly string[]): Promise<Ended> =>
    await quiesce("restore", "shop.yaml", "--name", name, "--yes", ...more);
  const digests = async (): Promise<readonly string[]> =>
    await Promise.all([blob, notes].map((path) => db.sha256(path)));
  const writeNote = async (text: string): Promise<void> => {
    await db.exec(`echo '${text}' >${notes} && sync`);
  };
  const runsOn = async (): Promise<void> => {
    expect(await db.state()).toBe("running");
    expect(await db.fsfreezeStatus()).toBe("thawed");
    await db.exec("echo alive >/vdb/alive && sync");
  };
  const jobOf = async (): Promise<string> => await db.virsh("domjobinfo");

  test("a full backup while a writer runs; the disks are overwritten; the restore brings the files back", async () => {
    await writeNote("monday");
    await db.exec("(while :; do date +%s.%N >>/vdb/log.txt; sync; done) >/dev/null 2>&1 & echo $! >/run/writer");
    const before = await digests();
    expect(await backup("monday")).toMatchObject({ code: 0 });
    expect(await jobOf()).toMatch(/Job type:\s+None/);
    await runsOn();
    await db.exec("kill $(cat /run/writer)");
    await db.scribble(blob);
    await db.scribble(notes);
    expect(await digests()).not.toEqual(before);
    expect(await restore("monday")).toMatchObject({ code: 0 });
    await db.ready();
    expect(await digests()).toEqual(before);
    // The log was cut at the capture: whole lines up to one instant, and nothing of what came later.
    expect(await db.exec("tail -c 1 /vdb/log.txt | od -An -c")).toContain("\\n");
    expect(await quiesce("backups", "verify", "shop.yaml")).toMatchObject({ code: 0 });
    await runsOn();
  });

  test("full and two increments; the last and the first come back", async () => {
    const states: (readonly string[])[] = [];
    for (const [name, ...more] of [["inc-0"], ["inc-1", "--incremental"], ["inc-2", "--incremental"]] as const) {
      await db.scribble(blob, 300_000);
      await writeNote(name);
      states.push(await digests());
      expect(await backup(name, ...more)).toMatchObject({ code: 0 });
    }
    expect(await filesIn(repository(), ".extents")).toHaveLength(4);
    await db.scribble(blob);
    for (const [name, state] of [
      ["inc-2", states[2]],
      ["inc-0", states[0]],
    ] as const) {
      expect(await restore(name)).toMatchObject({ code: 0 });
      await db.ready();
      expect(await digests()).toEqual(state);
    }
  });

  test("after a restore in place the next increment is a full backup, and says why", async () => {
    const ended = await backup("after-restore", "--incremental");
    expect(ended).toMatchObject({ code: 0 });
    expect(await filesIn(join(repository(), "shop", "after-restore"), ".raw")).toHaveLength(2);
    const shown = await quiesce("backups", "show", "shop.yaml", "after-restore");
    expect(shown.stdout).toMatch(/^RESTORABLE yes/);
    expect(shown.stdout).toMatch(/db: full, because it was restored/);
  });

  test("qemu-img finds the disk of a paused machine and its backup identical", async () => {
    await db.exec("sync");
    await db.virsh("suspend");
    try {
      expect(await backup("paused", "--quiesce", "try")).toMatchObject({ code: 0 });
      const sources = (await db.virsh("domblklist")).split("\n").map((line) => line.trim().split(/\s+/));
      const stored = await filesIn(join(repository(), "shop", "paused"), ".raw");
      expect(stored).toHaveLength(2);
      for (const [index, [, source = ""]] of sources.entries())
        expect(await compareImages([source, "qcow2"], [stored[index] ?? "", "raw"])).toMatch(/identical/i);
    } finally {
      await db.virsh("resume");
    }
  });

  test("--as boots a second machine beside the original, with another UUID and other MAC addresses", async () => {
    const name = `${db.name}b`;
    const before = await digests();
    try {
      expect(await backup("twin")).toMatchObject({ code: 0 });
      expect(await restore("twin", "--as", name)).toMatchObject({ code: 0 });
      const [mine, theirs] = await Promise.all([db.virsh("dumpxml"), virsh(requireLibvirtLab(), "dumpxml", name)]);
      expect(uuidOf(theirs)).not.toBe(uuidOf(mine));
      expect(macsOf(theirs).filter((mac) => macsOf(mine).includes(mac))).toEqual([]);
      expect(await virsh(requireLibvirtLab(), "domstate", name)).toBe("running");
      expect(await digests()).toEqual(before);
      await runsOn();
    } finally {
      await removeDomain(requireLibvirtLab(), name).catch(() => {});
    }
  });

  test("a machine that is gone comes back, as it was", async () => {
    const before = await digests();
    expect(await backup("last-day")).toMatchObject({ code: 0 });
    const { uuid } = db;
    const files = (await db.virsh("domblklist")).split("\n").map((line) => line.trim().split(/\s+/)[1] ?? "");
    await db.virsh("destroy");
    await db.virsh("undefine", "--checkpoints-metadata", "--snapshots-metadata", "--managed-save", "--nvram");
    for (const file of files) await rm(file);
    expect(await restore("last-day")).toMatchObject({ code: 0 });
    await db.ready();
    expect(await db.virsh("domuuid")).toBe(uuid);
    expect(await digests()).toEqual(before);
    await runsOn();
  });

  test("a flipped byte is named, the restore ends with 6 before anything is touched, and the next backup works", async () => {
    expect(await backup("rotten")).toMatchObject({ code: 0 });
    const [file = ""] = await filesIn(join(repository(), "shop", "rotten"), ".raw");
    await flipByte(file);
    await writeNote("not in the backup");
    const now = await digests();
    const verified = await quiesce("backups", "verify", "shop.yaml", "rotten");
    expect(verified).toMatchObject({ code: 6 });
    expect(verified.stdout).toMatch(/vda\.raw: Block 0 /);
    expect(await restore("rotten")).toMatchObject({ code: 6 });
    expect(await digests()).toEqual(now);
    await runsOn();
    expect(await backup("after-rot", "--incremental")).toMatchObject({ code: 0 });
    expect(await filesIn(join(repository(), "shop", "after-rot"), ".raw")).toHaveLength(2);
  });

  test("a missing increment is named, and ends the restore with 6 before anything is touched", async () => {
    for (const [name, ...more] of [["m-0"], ["m-1", "--incremental"], ["m-2", "--incremental"]] as const) {
      await db.scribble(blob, 100_000);
      expect(await backup(name, ...more)).toMatchObject({ code: 0 });
    }
    const now = await digests();
    for (const file of await filesIn(join(repository(), "shop", "m-1"), ".extents")) await rm(file);
    const shown = await quiesce("backups", "show", "shop.yaml", "m-2");
    expect(shown.stdout).toMatch(/^RESTORABLE no: .*m-1/);
    expect(await quiesce("backups", "verify", "shop.yaml", "m-2")).toMatchObject({ code: 6 });
    const ended = await restore("m-2");
    expect(ended).toMatchObject({ code: 6 });
    expect(ended.stderr).toContain("m-1");
    expect(await digests()).toEqual(now);
    await runsOn();
  });

  test("a truncated manifest is told, and a lost catalogue is made again from those that are whole", async () => {
    expect(await backup("cut")).toMatchObject({ code: 0 });
    await truncate(join(repository(), "shop", "cut", "manifest.json"), 100);
    const verified = await quiesce("backups", "verify", "shop.yaml", "cut");
    expect(verified).toMatchObject({ code: 6 });
    expect(verified.stdout).toMatch(/manifest/);

    const fresh = join(desk.dir, "fresh");
    const rebuilt = await desk.run(["backups", "rebuild", "--repository", repository()], { QUIESCE_STATE_DIR: fresh });
    expect(rebuilt).toMatchObject({ code: 6 });
    expect(rebuilt.stdout).toMatch(/after-restore/);
    expect(`${rebuilt.stdout}${rebuilt.stderr}`).toMatch(/cut.*manifest/);
    await db.scribble(blob);
    const scribbled = await db.sha256(blob);
    const again = ["restore", "shop.yaml", "--name", "last-day", "--yes"];
    expect(await desk.run(again, { QUIESCE_STATE_DIR: fresh })).toMatchObject({ code: 0 });
    await db.ready();
    expect(await db.sha256(blob)).not.toBe(scribbled);
    await runsOn();
  });

  test("sets that others build on are not removed; with their dependants nothing of them stays", async () => {
    const refused = await quiesce("remove-backup", "shop.yaml", "--name", "inc-0", "--yes");
    expect(refused).toMatchObject({ code: 5 });
    expect(refused.stderr).toMatch(/inc-1.*inc-2|inc-2.*inc-1/s);
    const removed = await quiesce("remove-backup", "shop.yaml", "--name", "inc-0", "--with-dependants", "--yes");
    expect(removed).toMatchObject({ code: 0 });
    for (const name of ["inc-0", "inc-1", "inc-2"])
      expect(
        await filesIn(repository(), "").then((files) => files.filter((file) => file.includes(`/${name}/`))),
      ).toEqual([]);
    await runsOn();
  });
});

const uuidOf = (xml: string): string | undefined => /<uuid>(.*?)<\/uuid>/.exec(xml)?.[1];
const macsOf = (xml: string): readonly string[] =>
  [...xml.matchAll(/<mac address='(.*?)'/g)].map(([, mac = ""]) => mac);
