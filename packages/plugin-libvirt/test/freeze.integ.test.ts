import {
  asId,
  memoryStore,
  noRepository,
  systemClock,
  type Connection,
  type OwnershipTag,
  type ProviderName,
  type Step,
} from "@quiesce/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Guest, labMissing, libvirtLab, requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { Rig, row, statuses } from "./rig.ts";

describe.skipIf(libvirtLab() === undefined)(`freeze and thaw${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let app: Guest;
  let bare: Guest;
  beforeAll(async () => {
    const lab = requireLibvirtLab();
    [app, bare] = await Promise.all([Guest.start(lab, "app"), Guest.start(lab, "bare", { agent: false, disks: 1 })]);
  });
  afterAll(async () => {
    await Promise.all([app, bare].map((guest) => guest.remove()));
  });
  const rigOf = (guest: Guest): Rig => new Rig(guest.lab, { app: { kind: "vm", id: guest.name } }, memoryStore());
  const messages = async (rig: Rig, options = {}): Promise<string> => {
    const planned = await rig.plan("backup", options);
    return planned.ok ? "planned" : planned.problems.map(({ message, hint }) => `${message} ${hint ?? ""}`).join("\n");
  };

  test("a machine without an agent channel is refused before anything is frozen, and the fix is said", async () => {
    await using rig = rigOf(bare);
    expect(await messages(rig)).toMatch(/no channel for a guest agent.*virsh edit/s);
    const backup = await rig.run("backup", { quiesce: "try" });
    expect(row(backup, "app", "snapshot.create")).toMatchObject({ status: "succeeded", consistency: "memory" });
    await rig.run("remove_backup");
    expect(await bare.snapshots()).toEqual([]);
  });

  test("a guest that somebody else froze is neither used nor thawed", async () => {
    await using rig = rigOf(app);
    const planned = await rig.plan("backup");
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    await app.virsh("domfsfreeze");
    expect(await messages(rig)).toMatch(/frozen already/);
    const backup = await rig.start(planned.value);
    expect(row(backup, "app", "freeze")).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/frozen already.*virsh domfsthaw/),
    });
    expect(backup.frozen).toEqual([]);
    expect(await app.fsfreezeStatus()).toBe("frozen");
    expect(await app.snapshots()).toEqual([]);
    await app.virsh("domfsthaw");
  });

  test("a machine that is paused or off is not frozen, and its snapshot says so", async () => {
    await using rig = rigOf(app);
    await app.virsh("suspend");
    const backup = await rig.run("backup");
    expect(backup.status, statuses(backup).join()).toBe("succeeded");
    expect(backup.instances.some(({ operation, status }) => operation === "freeze" && status === "succeeded")).toBe(
      false,
    );
    await app.virsh("resume");
    await rig.run("remove_backup");
  });

  test("thaw is safe to repeat, and a thaw of a machine that is gone is paid", async () => {
    await using rig = rigOf(app);
    const thaw = await driver(rig, app.uuid);
    await app.virsh("domfsfreeze");
    expect((await thaw()).saved).toEqual({ filesystems: 2 });
    expect(await app.fsfreezeStatus()).toBe("thawed");
    expect((await thaw()).saved).toEqual({ filesystems: 0 });
    const gone = await driver(rig, crypto.randomUUID());
    expect((await gone()).saved).toEqual({ ended: true });
  });

  test("a frozen guest that is paused stays owed until it runs again", async () => {
    await using rig = rigOf(app);
    const thaw = await driver(rig, app.uuid);
    await app.virsh("domfsfreeze");
    await app.virsh("suspend");
    await expect(thaw()).rejects.toThrow(/is paused.*virsh resume/s);
    await app.virsh("resume");
    await thaw();
    expect(await app.fsfreezeStatus()).toBe("thawed");
  });

  test("an agent that hangs is found out by the survey within its limit, and the lane that pays stays free", async () => {
    await using rig = rigOf(app);
    const planned = await rig.plan("backup");
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    await app.hangAgent();
    const startedAt = performance.now();
    expect(await messages(rig)).toMatch(/gave no answer within 3 s/);
    const backup = await rig.start(planned.value);
    expect(row(backup, "app", "freeze").status).toBe("failed");
    expect(await app.snapshots()).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    await app.virsh("destroy");
    await app.start();
  });
});

/** The product's thaw handler on the lane that pays, without a run around it. */
const driver = async (rig: Rig, uuid: string) => {
  const connection: Connection = await rig.fleet.connection(asId<ProviderName>("lab"), "rescue");
  const target = { instance: asId("app"), kind: "vm", providerId: uuid, properties: {} } as const;
  const step = { key: "thaw/app", title: "thaw app", operation: "thaw", targets: [target], covers: [], does: "cell" };
  const handler = connection.drive(step as unknown as Step);
  return async () => {
    const signal = AbortSignal.timeout(20_000);
    const tag: OwnershipTag = { store: "s", deployment: asId("d"), run: asId("r") };
    const acted = await handler.act({
      run: asId("r"),
      key: asId("thaw/app"),
      attempt: 1,
      tag,
      frozen: true,
      repository: noRepository.folder({ tag, backup: { name: "", kind: "snapshot" }, instance: asId("app") }),
      lane: "rescue",
      signal,
      input: { setClock: false },
      sleep: (ms) => systemClock.sleep(ms, signal),
      report: () => {},
    });
    if (acted.next !== "evidence") throw new Error(`thaw gave ${acted.next}`);
    return acted.outcome;
  };
};
