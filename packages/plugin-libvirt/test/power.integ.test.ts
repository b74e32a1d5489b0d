import { memoryStore } from "@quiesce/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Guest, labMissing, libvirtLab, requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { Rig, row, statuses } from "./rig.ts";

const mark = async (guest: Guest): Promise<string> => {
  const uri = "urn:quiesce:libvirt:suspended:1";
  return await guest.virsh("metadata", "--uri", uri, "--config").catch(() => "none");
};

describe.skipIf(libvirtLab() === undefined)(`suspend and resume${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let web: Guest;
  let off: Guest;
  beforeAll(async () => {
    const lab = requireLibvirtLab();
    [web, off] = await Promise.all([Guest.start(lab, "web"), Guest.define(lab, "off")]);
  });
  afterAll(async () => {
    await Promise.all([web, off].map((guest) => guest.remove()));
  });
  const rigOf = (suspend?: string, store = memoryStore()): Rig => {
    const properties = suspend === undefined ? {} : { suspend };
    return new Rig(
      web.lab,
      { web: { kind: "vm", id: web.name, properties }, off: { kind: "vm", id: off.uuid } },
      store,
    );
  };

  test("twice each, with one machine that is off: only what ran before runs again", async () => {
    await using rig = rigOf();
    await web.exec("echo kept >/run/note");
    for (const _ of ["first", "again"]) {
      const summary = await rig.run("suspend");
      expect(summary.status, statuses(summary).join()).toBe("succeeded");
      expect([await web.state(), await off.state()]).toEqual(["paused", "shut off"]);
      const record = await rig.store.suspended(rig.deployment.id);
      expect(record).toEqual({ web: { prior: "running", how: "pause" }, off: { prior: "off", how: "none" } });
    }
    expect(await mark(web)).toContain("prior");
    expect(await rig.doctor()).toContainEqual(expect.objectContaining({ about: web.name, level: "warning" }));
    const resumed = await rig.run("resume");
    expect(resumed.status, statuses(resumed).join()).toBe("succeeded");
    expect([await web.state(), await off.state()]).toEqual(["running", "shut off"]);
    expect(await mark(web)).toBe("none");
    expect(await web.exec("cat /run/note")).toBe("kept");
    const again = await rig.plan("resume");
    expect(again.ok && again.value.stages).toEqual([]);
  });

  test("a machine that somebody else paused is left paused by the resume", async () => {
    await using rig = rigOf();
    await web.virsh("suspend");
    await rig.run("suspend");
    await rig.run("resume");
    expect(await web.state()).toBe("paused");
    await web.virsh("resume");
  });

  test("a suspend whose journal was lost is known by its mark: the next one still knows that the machine ran", async () => {
    const store = memoryStore();
    await using lost = rigOf(undefined, memoryStore({ id: store.id }));
    await lost.run("suspend");
    await using rig = rigOf(undefined, store);
    await rig.run("suspend");
    await rig.run("resume");
    expect(await web.state()).toBe("running");
  });

  test("another store's suspend is not ours to resume", async () => {
    await using theirs = rigOf();
    await theirs.run("suspend");
    await using ours = rigOf();
    await ours.run("suspend");
    await ours.run("resume");
    expect(await web.state()).toBe("paused");
    await theirs.run("resume");
    expect(await web.state()).toBe("running");
  });

  test("save: QEMU ends, and the memory comes back", async () => {
    await using rig = rigOf("save");
    await web.exec("echo saved >/run/note");
    const summary = await rig.run("suspend");
    expect(summary.status, statuses(summary).join()).toBe("succeeded");
    expect(await web.state()).toBe("shut off");
    expect(await web.virsh("dominfo")).toMatch(/Managed save:\s+yes/);
    const resumed = await rig.run("resume");
    expect(resumed.status, statuses(resumed).join()).toBe("succeeded");
    await web.ready();
    expect(await web.exec("cat /run/note")).toBe("saved");
  });

  test("sleep: the guest goes to S3 by its agent and wakes up as the same", async () => {
    await using rig = rigOf("sleep");
    await web.exec("echo slept >/run/note");
    const summary = await rig.run("suspend");
    expect(summary.status, statuses(summary).join()).toBe("succeeded");
    expect(await web.state()).toBe("pmsuspended");
    await rig.run("resume");
    await web.ready();
    expect(await web.exec("cat /run/note")).toBe("slept");
  });

  test("asleep, then saved by hand: it comes back running", async () => {
    await using rig = rigOf("sleep");
    await rig.run("suspend");
    await web.virsh("managedsave");
    const resumed = await rig.run("resume");
    expect(resumed.status, statuses(resumed).join()).toBe("succeeded");
    expect(await web.state()).toBe("running");
  });

  test("a machine that was shut off since is not started behind anybody's back", async () => {
    await using rig = rigOf();
    await rig.run("suspend");
    await web.virsh("destroy");
    const resumed = await rig.run("resume");
    expect(row(resumed, "web", "resume")).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/shut off.*virsh start/s),
    });
    expect(await web.state()).toBe("shut off");
  });
});
