import { describe, expect, test } from "vitest";
import { exitCodeOfRun, type RunSummary } from "@quiesce/core";
import { contentOf } from "../src/toy/toy-vm.ts";
import { plannedWorld, type PlannedWorld } from "./planned-world.ts";

const row = ({ instances }: RunSummary, instance: string, operation: string) =>
  instances.find((item) => item.instance === instance && item.operation === operation);

const contentNow = ({ cloud }: PlannedWorld, vm: string): string => {
  const machine = cloud.vms.get(`vm-${vm}`);
  if (machine === undefined) throw new Error(`There is no machine ${vm}.`);
  return Buffer.from(contentOf(machine)).toString("base64");
};

const frozen = ({ cloud }: PlannedWorld) => [...cloud.vms.values()].filter((vm) => vm.frozen).map(({ name }) => name);

describe("T-06: a guest bears ten seconds, the capture takes eleven", () => {
  test.each([
    ["required", "degraded", "partial", 12],
    ["auto", "degraded", "partial", 12],
    ["try", "succeeded", "succeeded", 0],
  ] as const)(
    "quiesce %s: the window ends in time, the content is called crash-consistent",
    async (quiesce, ...ends) => {
      const world = plannedWorld(["a"]);
      Object.assign(world.cloud.vms.get("vm-a") ?? {}, { maxFreezeMs: 10_000 });
      world.cloud.delayMs = { snapshot: 11_000 };
      const summary = await world.run("backup", { kind: "snapshot", quiesce });
      const made = row(summary, "a", "snapshot.create");
      expect([made?.status, summary.status, exitCodeOfRun(summary)]).toEqual(ends);
      expect(made?.consistency).toBe("crash");
      expect((await world.set()).items.map(({ consistency }) => consistency)).toEqual(["crash"]);
      expect(row(summary, "a", "thaw")?.freezeWindowMs).toBe(10_000);
      expect(frozen(world)).toEqual([]);
      // What was captured in a window that was repeated is not kept beside the second one.
      expect(world.cloud.snapshots.size).toBe(1);
    },
  );
});

describe("T-11: a provider says yes and does nothing", () => {
  /** From now on calls of this name are accepted, and that is all. */
  const lieAbout = ({ cloud }: PlannedWorld, name: string): void => {
    cloud.carrier = async (call, signal, deliver) =>
      call.name === name ? (undefined as never) : await deliver(signal);
  };

  test("a removal is no success while its snapshot is there, and the set stays in the catalogue", async () => {
    const world = plannedWorld(["a"]);
    await world.run("backup", { kind: "snapshot" });
    lieAbout(world, "remove");
    const summary = await world.run("remove_backup");
    expect(row(summary, "a", "snapshot.remove")).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/\S/),
    });
    expect(exitCodeOfRun(summary)).toBe(1);
    expect((await world.set()).items).toMatchObject([{ instance: "a", status: "ok" }]);
    expect(world.cloud.snapshots.size).toBe(1);
  });

  test("a snapshot that is not there is no success, and no set names it", async () => {
    const world = plannedWorld(["a"]);
    lieAbout(world, "snapshot");
    const summary = await world.run("backup", { kind: "snapshot" });
    expect([summary.status, exitCodeOfRun(summary)]).toEqual(["failed", 1]);
    expect(await world.store.catalogue.list({})).toEqual([]);
    expect(frozen(world)).toEqual([]);
  });

  test("a thaw after which the guest is frozen is an alarm", async () => {
    const world = plannedWorld(["a"]);
    lieAbout(world, "thaw");
    const summary = await world.run("backup", { kind: "snapshot" });
    expect(frozen(world)).toEqual(["a"]);
    expect([summary.frozen, exitCodeOfRun(summary)]).toEqual([["a"], 20]);
  });
});

describe("T-14: a machine disappears between plan and run", () => {
  test.each(["snapshot", "backup"] as const)(
    "its %s is missing, the others' is kept, the run is partial",
    async (kind) => {
      const world = plannedWorld(["a", "b"]);
      const plan = await world.plan("backup", { kind, quiesce: "off" });
      world.cloud.destroy("vm-a");
      const summary = await world.clock.until((await world.start(plan)).result);
      expect(row(summary, "a", `${kind}.create`)).toMatchObject({ status: "missing" });
      expect(row(summary, "b", `${kind}.create`)).toMatchObject({ status: "succeeded" });
      expect([summary.status, exitCodeOfRun(summary)]).toEqual(["partial", 3]);
      expect(await world.set()).toMatchObject({ complete: false, items: [{ instance: "b", status: "ok" }] });
    },
  );

  test("where all are to be frozen at one time, nothing is captured and the missing one is named", async () => {
    const world = plannedWorld(["a", "b"]);
    const plan = await world.plan("backup", { kind: "snapshot" });
    world.cloud.destroy("vm-a");
    const summary = await world.clock.until((await world.start(plan)).result);
    expect(row(summary, "a", "freeze")).toMatchObject({ status: "missing" });
    expect([summary.status, exitCodeOfRun(summary), world.cloud.snapshots.size]).toEqual(["failed", 1, 0]);
    expect(frozen(world)).toEqual([]);
  });
});

describe("T-25: the clock is set in the middle of a run", () => {
  test.each([-7_200_000, 3_600_000])("by %i ms: the window is what it was, and ends at its deadline", async (ms) => {
    const world = plannedWorld(["a"]);
    world.cloud.delayMs = { snapshot: 40_000 };
    const { result } = await world.start(await world.plan("backup", { kind: "snapshot", redo: 0 }));
    await world.clock.advance(5000);
    world.clock.jump(ms);
    const summary = await world.clock.until(result);
    expect(row(summary, "a", "thaw")?.freezeWindowMs).toBe(30_000);
    expect(world.events.find(({ type }) => type === "debt.paid")).toMatchObject({ by: "watchdog" });
    expect(frozen(world)).toEqual([]);
  });

  test("sets are told in the order in which they were made", async () => {
    const world = plannedWorld(["a"]);
    for (const name of ["one", "two", "three"]) {
      await world.run("backup", { kind: "snapshot", name });
      world.clock.jump(-7_200_000);
    }
    expect((await world.store.catalogue.list({})).map(({ name }) => name)).toEqual(["three", "two", "one"]);
  });
});

test("T-27: nothing is thawed before the content is fixed, and what is written later is not in the backup", async () => {
  const world = plannedWorld(["a"]);
  world.cloud.delayMs = { begin: 5000, "read-job": 60_000 };
  const { result } = await world.start(await world.plan("backup"));
  await world.clock.advance(4000);
  expect(frozen(world)).toEqual(["a"]);
  const fixed = contentNow(world, "a");
  await world.clock.advance(2000);
  expect(frozen(world)).toEqual([]);
  world.cloud.write("vm-a", "written while the copy runs");
  const summary = await world.clock.until(result);
  expect(row(summary, "a", "backup.create")).toMatchObject({ status: "succeeded", consistency: "fs" });
  const order = world.cloud.calls.map((call) => call.split(" ")[0] ?? "");
  expect(order.indexOf("begin")).toBeLessThan(order.indexOf("thaw"));
  expect(order.indexOf("thaw")).toBeLessThan(order.indexOf("end"));
  expect(contentNow(world, "a")).not.toBe(fixed);
  expect((await world.run("restore")).status).toBe("succeeded");
  expect(contentNow(world, "a")).toBe(fixed);
});

describe("T-28 and T-36: two runs want one set", () => {
  test.each([
    ["T-28: a removal during its backup", "backup", "remove_backup", "read-job"],
    ["T-28: a restore during its removal", "remove_backup", "restore", "drop-point"],
    ["T-36: a removal during a restore of it", "restore", "remove_backup", "upload"],
    ["T-28: a second backup during a backup", "backup", "backup", "read-job"],
  ] as const)("%s is refused and changes nothing", async (_title, running, second, slow) => {
    const world = plannedWorld(["a"]);
    await world.run("backup", { name: "there" });
    const wanted = { name: running === "backup" ? "new" : "there" };
    const first = await world.plan(running, wanted);
    const plan = await world.plan(second, second === "backup" ? { name: "other" } : { name: "there" });
    world.cloud.delayMs = { [slow]: 60_000 };
    const { result } = await world.start(first);
    await world.clock.advance(1000);
    const before = [world.cloud.calls.length, world.repository.files()];
    await expect(world.start(plan)).rejects.toMatchObject({ code: "locked", message: expect.stringContaining("r2") });
    expect([world.cloud.calls.length, world.repository.files()]).toEqual(before);
    expect((await world.clock.until(result)).status).toBe("succeeded");
  });
});

test("T-36: a restore whose backup vanishes before it is read fails in plain words, and the machine is as it was", async () => {
  const world = plannedWorld(["a"]);
  await world.run("backup");
  world.cloud.write("vm-a", "lives on");
  const before = contentNow(world, "a");
  world.cloud.delayMs = { "make-disk": 1000 };
  const { result } = await world.start(await world.plan("restore"));
  await world.clock.advance(500);
  for (const file of world.repository.files()) world.repository.lose(file);
  const summary = await world.clock.until(result);
  expect([summary.status, exitCodeOfRun(summary)]).toEqual(["failed", 6]);
  expect(row(summary, "a", "backup.restore")).toMatchObject({ reason: expect.stringContaining("nightly") });
  expect(world.clock.monotonicMs()).toBeLessThan(3_600_000);
  expect(contentNow(world, "a")).toBe(before);
});
