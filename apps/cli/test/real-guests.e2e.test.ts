// The shipped command line on real QEMU machines. Every judgement comes from virsh and the guest agent, not from us.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Guest, labMissing, libvirtLab, requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { startDesk, type Desk, type Ended } from "./fixture/world.ts";

const missing = libvirtLab() === undefined;

describe.skipIf(missing)(`real guests${missing ? `: ${labMissing}` : ""}`, () => {
  let desk: Desk;
  let db: Guest;
  let web: Guest;
  let off: Guest;

  beforeAll(async () => {
    const lab = requireLibvirtLab();
    desk = await startDesk();
    [db, web, off] = await Promise.all([Guest.start(lab, "db"), Guest.start(lab, "web"), Guest.define(lab, "off")]);
    await desk.write(
      "shop.yaml",
      [
        "quiesce: 1",
        "name: shop",
        `providers: { hv: { plugin: libvirt, uri: "${lab.uri}" } }`,
        "instances:",
        `  db: { provider: hv, kind: vm, id: ${db.name}, quiesce: required }`,
        `  web: { provider: hv, kind: vm, id: ${web.name}, depends_on: [db] }`,
        `  off: { provider: hv, kind: vm, id: ${off.name} }`,
      ].join("\n"),
    );
  });

  afterAll(async () => {
    for (const one of [db, web, off, desk]) await one?.[Symbol.asyncDispose]();
  });

  const quiesce = async (...args: readonly string[]): Promise<Ended> => await desk.run(args);
  const states = async () => await Promise.all([db, web, off].map((guest) => guest.state()));

  test("suspend twice, resume twice: the machine that was off stays off", async () => {
    for (const verb of ["suspend", "suspend"])
      expect(await quiesce(verb, "shop.yaml", "--yes")).toMatchObject({ code: 0 });
    expect(await states()).toEqual(["paused", "paused", "shut off"]);
    for (const verb of ["resume", "resume"])
      expect(await quiesce(verb, "shop.yaml", "--yes")).toMatchObject({ code: 0 });
    expect(await states()).toEqual(["running", "running", "shut off"]);
  });

  test("a snapshot of two machines in one frozen window brings both back as they were, and leaves nothing", async () => {
    const digests = async () => await Promise.all([db, web].map((guest) => guest.sha256("/vda/blob.bin")));
    const statuses = async () => await Promise.all([db, web].map((guest) => guest.fsfreezeStatus()));
    const before = await digests();
    const name = ["--name", "before-upgrade"];
    const only = ["--include-instances", "db,web"];
    const backup = await quiesce("backup", "shop.yaml", ...name, "--kind", "snapshot", ...only, "--json");
    expect(backup).toMatchObject({ code: 0 });
    expect(await statuses()).toEqual(["thawed", "thawed"]);
    const rows = JSON.parse(backup.stdout).instances.filter(
      (row: { operation: string }) => row.operation === "snapshot.create",
    );
    const machines = rows.filter((row: { kind: string }) => row.kind === "vm");
    expect(machines.map((row: { consistency: string }) => row.consistency)).toEqual(["fs", "fs"]);
    for (const guest of [db, web]) expect(await guest.snapshots()).toHaveLength(1);

    for (const guest of [db, web]) await guest.scribble("/vda/blob.bin");
    expect(await digests()).not.toEqual(before);
    expect(await quiesce("restore", "shop.yaml", ...name, "--yes")).toMatchObject({ code: 0 });
    expect(await digests()).toEqual(before);
    expect(await statuses()).toEqual(["thawed", "thawed"]);
    expect(await states()).toEqual(["running", "running", "shut off"]);

    expect(await quiesce("remove-backup", "shop.yaml", ...name, "--yes")).toMatchObject({ code: 0 });
    for (const guest of [db, web, off]) expect(await guest.snapshots()).toEqual([]);
    expect(await statuses()).toEqual(["thawed", "thawed"]);
  });

  test("a machine whose agent is away is refused before anything is frozen, and the message says what to do", async () => {
    await web.exec("touch /run/agent-off; (sleep 0.3; kill $(pidof qemu-ga)) >/dev/null 2>&1 &");
    await expect
      .poll(async () => (await web.virsh("dumpxml")).includes("state='disconnected'"), { timeout: 20_000 })
      .toBe(true);
    const refused = await quiesce("backup", "shop.yaml", "--name", "later", "--kind", "snapshot");
    expect(refused.code).toBe(12);
    expect(refused.stderr).toMatch(/agent/i);
    expect(await db.fsfreezeStatus()).toBe("thawed");
    for (const guest of [db, web]) expect(await guest.snapshots()).toEqual([]);
  });
});
