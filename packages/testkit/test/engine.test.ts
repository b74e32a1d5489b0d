import { describe, expect, test } from "vitest";
import { exitCodeOfRun, memoryStore } from "@quiesce/core";
import { VirtualClock } from "../src/index.ts";
import { engineWorld, frozenNow, planOf } from "./engine-world.ts";
import { fillingUp } from "./filling-up.ts";

const rows = (summary: {
  readonly instances: readonly { readonly instance: string; readonly operation: string; readonly status: string }[];
}) => summary.instances.map(({ instance, operation, status }) => `${instance} ${operation} ${status}`);

describe("a run without a fault", () => {
  test.each(["deployment", "instance"] as const)("freezes, captures and thaws (scope %s)", async (scope) => {
    const world = engineWorld(["web", "db"]);
    const { result } = await world.start(planOf(scope, ["web", "db"]));
    const summary = await world.clock.until(result);
    expect(summary.status).toBe("succeeded");
    expect(rows(summary).toSorted()).toEqual([
      "db freeze succeeded",
      "db snapshot.create succeeded",
      "db thaw succeeded",
      "web freeze succeeded",
      "web snapshot.create succeeded",
      "web thaw succeeded",
    ]);
    expect(
      summary.instances.filter((item) => item.operation === "snapshot.create").map((item) => item.consistency),
    ).toEqual(["fs", "fs"]);
    expect([...world.cloud.snapshots.values()].every(({ frozen }) => frozen)).toBe(true);
    expect(frozenNow(world)).toEqual([]);
    expect(exitCodeOfRun(summary)).toBe(0);
  });

  test("all are frozen before the first capture, and thawed after the last (scope deployment)", async () => {
    const world = engineWorld(["web", "db"]);
    world.cloud.delayMs = { freeze: 500, snapshot: 500, thaw: 500 };
    const { result } = await world.start(planOf("deployment", ["web", "db"]));
    await world.clock.until(result);
    const order = world.cloud.calls
      .filter((call) => /^(freeze|snapshot|thaw) /.test(call))
      .map((call) => call.split(" ")[0]);
    expect(order).toEqual(["freeze", "freeze", "snapshot", "snapshot", "thaw", "thaw"]);
  });

  test("the freeze window is measured from the freeze's return to the thaw's return", async () => {
    const world = engineWorld(["db"]);
    world.cloud.delayMs = { freeze: 400, snapshot: 700, thaw: 300 };
    const { result } = await world.start(planOf("instance", ["db"]));
    const summary = await world.clock.until(result);
    expect(summary.instances.find(({ operation }) => operation === "thaw")?.freezeWindowMs).toBe(1000);
    const [manifest] = await world.store.catalogue.list({});
    expect(manifest).toMatchObject({
      name: "nightly",
      complete: true,
      items: [{ status: "ok", consistency: "fs", freezeWindowMs: 1000 }],
    });
  });
});

describe("T-01: a capture fails after the freeze", () => {
  test.each([0, 1, 2])("everybody is thawed exactly once when machine %i fails", async (k) => {
    const vms = ["a", "b", "c"];
    const world = engineWorld(vms);
    await world.cloud.faults.set({ call: "snapshot", target: `vm-${vms[k]}`, does: { what: "fail" } });
    const { result } = await world.start(planOf("deployment", vms));
    const summary = await world.clock.until(result);
    expect(frozenNow(world)).toEqual([]);
    expect(world.cloud.calls.filter((call) => call.startsWith("thaw "))).toHaveLength(3);
    // By the plan's own step, not by the sweep at the end of the run: the window is short for the one that failed too.
    expect(world.events.flatMap((event) => (event.type === "debt.paid" ? [event.by] : []))).toEqual([
      "step",
      "step",
      "step",
    ]);
    expect(summary.status).toBe("partial");
    expect(exitCodeOfRun(summary)).toBe(3);
  });
});

describe("a freeze fails", () => {
  test("in scope deployment nothing is captured and all others are thawed", async () => {
    const world = engineWorld(["a", "b", "c"]);
    await world.cloud.faults.set({ call: "freeze", target: "vm-b", does: { what: "fail" } });
    const { result } = await world.start(planOf("deployment", ["a", "b", "c"]));
    const summary = await world.clock.until(result);
    expect(world.cloud.snapshots.size).toBe(0);
    expect(frozenNow(world)).toEqual([]);
    expect(summary.status).toBe("failed");
    expect(summary.frozen).toEqual([]);
  });

  test("in scope instance only that unit ends", async () => {
    const world = engineWorld(["a", "b"]);
    await world.cloud.faults.set({ call: "freeze", target: "vm-b", does: { what: "fail" } });
    const { result } = await world.start(planOf("instance", ["a", "b"], "unit"));
    const summary = await world.clock.until(result);
    expect(rows(summary)).toContain("a snapshot.create succeeded");
    expect(rows(summary)).toContain("b snapshot.create not-run");
    expect(summary.status).toBe("partial");
  });

  test("with quiesce=try the capture goes on and is called crash-consistent at best", async () => {
    const world = engineWorld(["a"]);
    await world.cloud.faults.set({ call: "freeze", does: { what: "fail" } });
    const { result } = await world.start(planOf("instance", ["a"], "note"));
    const summary = await world.clock.until(result);
    const row = summary.instances.find(({ operation }) => operation === "snapshot.create");
    expect(row).toMatchObject({ status: "succeeded", consistency: "memory" });
  });
});

describe("T-04: a call that never returns", () => {
  test("a freeze that hangs with its effect is thawed, and the run ends by its deadline", async () => {
    const world = engineWorld(["a"]);
    await world.cloud.faults.set({ call: "freeze", does: { what: "hang", effect: true } });
    const { result } = await world.start(planOf("deployment", ["a"]));
    const summary = await world.clock.until(result);
    expect(frozenNow(world)).toEqual([]);
    expect(summary.status).toBe("failed");
    expect(world.clock.monotonicMs()).toBeLessThan(60_000);
  });

  test("a capture that hangs does not outlive the window: the watchdog thaws at the deadline", async () => {
    const world = engineWorld(["a"]);
    world.cloud.delayMs = { snapshot: 40_000 };
    const { result } = await world.start(planOf("deployment", ["a"]));
    const summary = await world.clock.until(result);
    expect(world.events.find(({ type }) => type === "debt.paid")).toMatchObject({ by: "watchdog" });
    const row = summary.instances.find(({ operation }) => operation === "snapshot.create");
    expect(row?.consistency).toBe("crash");
    expect(world.cloud.calls.filter((call) => call.startsWith("thaw "))).toHaveLength(1);
  });
});

test("a freeze of this run that is found in force, its journal lost, is owed and paid", async () => {
  const world = engineWorld(["a"]);
  await world.cloud.freeze("vm-a", new AbortController().signal);
  const { result } = await world.start(planOf("deployment", ["a"]));
  const summary = await world.clock.until(result);
  expect(summary.status).toBe("succeeded");
  expect(frozenNow(world)).toEqual([]);
  expect(world.cloud.calls.filter((call) => call.startsWith("freeze "))).toHaveLength(1);
});

describe("T-33: a thaw that fails", () => {
  test("is tried again", async () => {
    const world = engineWorld(["a"]);
    await world.cloud.faults.set({ call: "thaw", times: 3, does: { what: "fail" } });
    const { result } = await world.start(planOf("deployment", ["a"]));
    expect((await world.clock.until(result)).status).toBe("succeeded");
    expect(frozenNow(world)).toEqual([]);
  });

  test("is told with exit code 20 when nothing helps, and stays on record", async () => {
    const world = engineWorld(["a", "b"]);
    await world.cloud.faults.set({ call: "thaw", target: "vm-a", times: 1000, does: { what: "fail" } });
    const { result } = await world.start(planOf("deployment", ["a", "b"]));
    const summary = await world.clock.until(result);
    expect(frozenNow(world)).toEqual(["a"]);
    expect(summary.frozen).toEqual(["a"]);
    expect(exitCodeOfRun(summary)).toBe(20);
    expect(await world.store.debts()).toMatchObject([{ spec: { harm: "frozen" }, state: "open" }]);
  });
});

describe("a lost reply", () => {
  test("T-09: a create whose reply is lost is adopted, never repeated", async () => {
    const world = engineWorld(["a"]);
    await world.cloud.faults.set({ call: "snapshot", does: { what: "lose-reply" } });
    const { result } = await world.start(planOf("deployment", ["a"]));
    expect((await world.clock.until(result)).status).toBe("succeeded");
    expect(world.cloud.snapshots.size).toBe(1);
  });

  test("T-16: a retry that succeeds makes a success", async () => {
    const world = engineWorld(["a"]);
    await world.cloud.faults.set({ call: "snapshot", times: 2, does: { what: "fail", transient: true } });
    const { result } = await world.start(planOf("deployment", ["a"]));
    expect((await world.clock.until(result)).status).toBe("succeeded");
    expect(world.events.filter(({ type }) => type === "step.retrying")).toHaveLength(2);
  });
});

describe("cancel", () => {
  test("a soft cancel starts nothing new, thaws, and ends as cancelled", async () => {
    const world = engineWorld(["a", "b"]);
    world.cloud.delayMs = { freeze: 1000 };
    const handle = await world.start(planOf("deployment", ["a", "b"]));
    await world.clock.advance(500);
    await handle.cancel("soft");
    const summary = await world.clock.until(handle.result);
    expect(summary.status).toBe("cancelled");
    expect(world.cloud.snapshots.size).toBe(0);
    expect(frozenNow(world)).toEqual([]);
    expect(exitCodeOfRun(summary)).toBe(130);
  });

  test("a hard cancel abandons a call in flight, and still thaws", async () => {
    const world = engineWorld(["a"]);
    await world.cloud.faults.set({ call: "snapshot", does: { what: "hang", effect: false } });
    const handle = await world.start(planOf("deployment", ["a"]));
    await world.clock.advance(100);
    await handle.cancel("hard");
    const summary = await world.clock.until(handle.result);
    expect(summary.status).toBe("cancelled");
    expect(frozenNow(world)).toEqual([]);
    expect(world.clock.monotonicMs()).toBeLessThan(5000);
  });
});

describe("a journal that can no longer be written", () => {
  test.each(Array.from({ length: 14 }, (_, n) => n))(
    "after %i writes: the run ends with that error, and nobody is frozen",
    async (n) => {
      const clock = new VirtualClock();
      const world = engineWorld(["a", "b"], fillingUp(memoryStore({ clock }), n), clock);
      const { result } = await world.start(planOf("deployment", ["a", "b"]));
      await expect(world.clock.until(result)).rejects.toThrow("The disk is full.");
      expect(frozenNow(world)).toEqual([]);
    },
  );
});

describe("the locks", () => {
  test("a second run on the deployment is refused and names the holder", async () => {
    const world = engineWorld(["a"]);
    world.cloud.delayMs = { snapshot: 1000 };
    const first = await world.start(planOf("deployment", ["a"]));
    await expect(world.start(planOf("deployment", ["a"]), "r2")).rejects.toMatchObject({
      code: "locked",
      message: expect.stringContaining("r1"),
    });
    await world.clock.until(first.result);
    const third = await world.start(
      { ...planOf("deployment", ["a"]), backup: { name: "later", kind: "snapshot" } },
      "r3",
    );
    expect((await world.clock.until(third.result)).status).toBe("succeeded");
  });
});
