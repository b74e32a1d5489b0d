import { exitCodeOfRun, type Event } from "@quiesce/core";
import { describe, expect, test } from "vitest";
import { engineWorld, frozenNow, planOf, type EngineWorld } from "./engine-world.ts";

const artefactsOf = ({ cloud }: EngineWorld) =>
  [...cloud.snapshots.values()].map(({ vm, frozen }) => `${vm} ${frozen}`);

const taken = (event: Event): boolean => event.type === "step.undone";

/** The first capture of b outlives its window; every later call is quick. */
const brokenOnce = (vms: readonly string[]): EngineWorld => {
  const world = engineWorld(vms);
  world.cloud.delayMs = { snapshot: 40_000 };
  world.onEvent = (event) => {
    if (event.type === "debt.paid" && event.by === "watchdog") world.cloud.delayMs = {};
  };
  return world;
};

describe.each(["deployment", "instance"] as const)(
  "a window that the watchdog closed too early (scope %s)",
  (scope) => {
    test("is repeated: what was captured in it goes, and what stays was taken while the guests were frozen", async () => {
      const world = brokenOnce(["a", "b"]);
      const { result } = await world.start(planOf(scope, ["a", "b"], "run", 1));
      const summary = await world.clock.until(result);
      expect(summary.status).toBe("succeeded");
      expect(exitCodeOfRun(summary)).toBe(0);
      expect(artefactsOf(world).toSorted()).toEqual(["vm-a true", "vm-b true"]);
      expect(world.events.filter(taken)).toHaveLength(2);
      expect(frozenNow(world)).toEqual([]);
      const [set] = await world.store.catalogue.list({});
      expect(set).toMatchObject({ complete: true, items: [{ consistency: "fs" }, { consistency: "fs" }] });
    });

    test("is repeated once; then the content is degraded, and the run says so", async () => {
      const world = engineWorld(["a"]);
      world.cloud.delayMs = { snapshot: 40_000 };
      const { result } = await world.start(planOf(scope, ["a"], "run", 1));
      const summary = await world.clock.until(result);
      expect(world.cloud.calls.filter((call) => call.startsWith("snapshot "))).toHaveLength(2);
      expect(summary.instances.find(({ operation }) => operation === "snapshot.create")).toMatchObject({
        status: "degraded",
        consistency: "crash",
      });
      expect([summary.status, exitCodeOfRun(summary)]).toEqual(["partial", 12]);
      expect(artefactsOf(world)).toHaveLength(1);
      expect(await world.store.catalogue.list({})).toMatchObject([
        { complete: true, items: [{ consistency: "crash" }] },
      ]);
    });

    test("with a rollback, what the repeat made is taken back by its own step, not by the sweep", async () => {
      const world = brokenOnce(["a"]);
      await world.cloud.faults.set({ call: "thaw", times: 1, does: { what: "fail" } });
      const left: (readonly string[])[] = [];
      world.onEvent = (event) => {
        if (taken(event)) left.push(artefactsOf(world));
        if (event.type !== "debt.paid" || event.by !== "watchdog") return;
        world.cloud.delayMs = {};
        void world.cloud.faults.set({ call: "thaw", times: 9, does: { what: "fail" } });
      };
      const { result } = await world.start(planOf(scope, ["a"], "run", 1), "r1", { rollback: true });
      const summary = await world.clock.until(result);
      expect(summary.frozen).toEqual(["a"]);
      expect(world.events.filter(taken).map((event) => "epoch" in event && event.epoch)).toEqual([0, 1]);
      // Each was gone when it was said to be.
      expect(left).toEqual([[], []]);
      expect(artefactsOf(world)).toEqual([]);
      expect(await world.store.catalogue.list({})).toEqual([]);
    });
  },
);

test("without a demanded freeze, content of a broken window is as after a crash and nothing less", async () => {
  const world = engineWorld(["a"]);
  world.cloud.delayMs = { snapshot: 40_000 };
  const { result } = await world.start(planOf("instance", ["a"], "note"));
  const summary = await world.clock.until(result);
  expect([summary.status, exitCodeOfRun(summary)]).toEqual(["succeeded", 0]);
  expect(summary.instances.find(({ operation }) => operation === "snapshot.create")?.consistency).toBe("crash");
});
