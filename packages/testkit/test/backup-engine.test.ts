import { describe, expect, test } from "vitest";
import { asId, exitCodeOfRun, memoryStore, type Manifest, type RunSummary, type Store } from "@quiesce/core";
import { VirtualClock } from "../src/index.ts";
import { engineWorld, type EngineWorld } from "./engine-world.ts";
import { fillingUp } from "./filling-up.ts";
import { heldMs, heldPlan, removalPlan } from "./held-plan.ts";

const backUp = async (
  world: EngineWorld,
  vms: readonly string[],
  name = "nightly",
  run = "r1",
): Promise<RunSummary> => {
  const { result } = await world.start(heldPlan(world, vms, name), run);
  return await world.clock.until(result);
};

const sets = async ({ store }: EngineWorld): Promise<readonly Manifest[]> => await store.catalogue.list({});

const onlySet = async (world: EngineWorld): Promise<Manifest> => {
  const [set, ...others] = await sets(world);
  if (set === undefined || others.length > 0) throw new Error(`There should be one set, not ${others.length + 1}.`);
  return set;
};

const expectNothingHeld = ({ cloud }: EngineWorld): void => {
  expect([...cloud.backups.jobs.values(), ...cloud.backups.scratch.values()]).toEqual([]);
};

const expectNothingLeft = async (world: EngineWorld): Promise<void> => {
  expectNothingHeld(world);
  expect([...world.cloud.backups.points.values()]).toEqual([]);
  expect(world.repository.files()).toEqual([]);
  expect(world.repository.kept()).toEqual([]);
  expect(await sets(world)).toEqual([]);
};

const itemOf = (summary: RunSummary, vm: string) => summary.instances.find(({ instance }) => instance === vm);

describe("a backup whose bytes are moved here", () => {
  test("is complete in the catalogue and has the same manifest beside its bytes", async () => {
    const world = engineWorld(["a", "b"]);
    expect((await backUp(world, ["a", "b"])).status).toBe("succeeded");
    const set = await onlySet(world);
    expect(set).toMatchObject({ complete: true, items: [{ status: "ok" }, { status: "ok" }] });
    expect(set.items[0]?.artefacts.map(({ kind }) => kind)).toEqual(["disk", "definition", "toy-point"]);
    expect(world.repository.kept()).toEqual([{ store: world.store.id, manifest: set }]);
    expectNothingHeld(world);
  });

  test("what is prepared is there before the capture, and given back after the bytes", async () => {
    const world = engineWorld(["a"]);
    await backUp(world, ["a"]);
    const order = world.cloud.calls
      .map((call) => call.split(" ")[0])
      .filter((call) => !/^(get|look)$/.test(call ?? ""));
    expect([...new Set(order)]).toEqual(["make-scratch", "begin", "read-job", "end", "drop-scratch"]);
  });

  test("has no manifest while its bytes are moved", async () => {
    const world = engineWorld(["a"]);
    const kept: number[] = [];
    world.repository.faults.onBlock = async () => void kept.push(world.repository.kept().length);
    await backUp(world, ["a"]);
    expect(kept).toEqual([0]);
  });

  test("is not complete when a look after the copy does not find all its bytes", async () => {
    const world = engineWorld([]);
    world.cloud.addVm("a", ["data"]);
    world.repository.faults.onBlock = async ({ id }) => {
      const other = id.endsWith("/data") ? id.replace("/data", "/root") : id.replace("/root", "/data");
      world.repository.lose(other);
    };
    const summary = await backUp(world, ["a"]);
    expect(itemOf(summary, "a")).toMatchObject({ status: "failed", reason: expect.stringContaining("not whole") });
    await expectNothingLeft(world);
  });

  test("a partial set has its manifest too, keeps its name and is not complete", async () => {
    const world = engineWorld(["a", "b"]);
    await world.cloud.faults.set({ call: "begin", target: "vm-b", does: { what: "fail" } });
    const summary = await backUp(world, ["a", "b"]);
    expect(summary.status).toBe("partial");
    const set = await onlySet(world);
    expect(set).toMatchObject({ complete: false, items: [{ instance: "a", status: "ok" }] });
    expect(world.repository.kept()).toEqual([{ store: world.store.id, manifest: set }]);
    expectNothingHeld(world);
    await expect(backUp(world, ["b"], "nightly", "r2")).rejects.toMatchObject({ problems: [{ code: "name-taken" }] });
  });

  test("a set whose manifest cannot be written is not complete, and the run says why", async () => {
    const world = engineWorld(["a"]);
    world.onEvent = (event) => {
      if (event.type === "debt.paid") world.repository.faults.readOnly = true;
    };
    const summary = await backUp(world, ["a"]);
    expect(summary).toMatchObject({
      status: "failed",
      error: { code: "forbidden", message: expect.stringMatching(/manifest of backup nightly in memory:.*read-only/) },
    });
    expect(exitCodeOfRun(summary)).toBe(1);
    expect(await onlySet(world)).toMatchObject({ complete: false });
  });

  test("a death between manifest and end of run leaves a whole manifest and an open run", async () => {
    const clock = new VirtualClock();
    const store = memoryStore({ clock });
    let died = (): void => {};
    const death = new Promise<void>((resolve) => {
      died = resolve;
    });
    const dying: Store = {
      ...store,
      commit: async (claim, events) => {
        if (events.every(({ type }) => type !== "run.settled")) return await store.commit(claim, events);
        died();
        await new Promise(() => {});
      },
    };
    const world = engineWorld(["a"], dying, clock);
    await world.start(heldPlan(world, ["a"]));
    await clock.until(death);
    expect(world.repository.kept()).toMatchObject([{ manifest: { complete: true, items: [{ status: "ok" }] } }]);
    expect(await onlySet(world)).toMatchObject({ complete: false });
    expect(await store.runs({ open: true })).toHaveLength(1);
  });

  test("a repository that is not the plan's is refused before anything is done", async () => {
    const [world, other] = [engineWorld(["a"]), engineWorld(["a"])];
    await expect(world.start(heldPlan(other, ["a"]))).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining(other.repository.location),
    });
    expect(world.cloud.calls).toEqual([]);
  });
});

describe("a backup that fails", () => {
  test.each([
    ["prepare", (world: EngineWorld) => world.cloud.faults.set({ call: "make-scratch", does: { what: "fail" } })],
    ["capture", (world: EngineWorld) => world.cloud.faults.set({ call: "begin", does: { what: "fail" } })],
    ["copy", async (world: EngineWorld) => void (world.repository.faults.room = 4100)],
  ])("in its %s leaves nothing, and its name is free", async (_, breaks) => {
    const world = engineWorld(["a"]);
    await breaks(world);
    const summary = await backUp(world, ["a"]);
    expect(summary.status).toBe("failed");
    expect(exitCodeOfRun(summary)).toBe(1);
    await expectNothingLeft(world);
    // By the plan's own step, not by the sweep at the end of the run: a long run does not hold it until then.
    expect(world.events.flatMap((event) => (event.type === "debt.paid" ? [event.by] : []))).toEqual(["step"]);
    world.repository.faults.room = undefined;
    expect((await backUp(world, ["a"], "nightly", "r2")).status).toBe("succeeded");
  });

  test("says that the repository is full", async () => {
    const world = engineWorld(["a"]);
    world.repository.faults.room = 0;
    expect(itemOf(await backUp(world, ["a"]), "a")).toMatchObject({
      status: "failed",
      code: "quota-exceeded",
      reason: expect.stringContaining("is full"),
    });
  });

  test.each(["make-scratch", "begin", "end", "drop-scratch"])(
    "%s: a lost reply is found out by looking",
    async (call) => {
      const world = engineWorld(["a"]);
      await world.cloud.faults.set({ call, does: { what: "lose-reply" } });
      const summary = await backUp(world, ["a"]);
      // A prepare is tried once in this plan; what it made is given back all the same.
      expect(summary.status).toBe(call === "make-scratch" ? "failed" : "succeeded");
      expectNothingHeld(world);
    },
  );

  test("T-33: a release that fails for good is told, ends with 13 and stays on record", async () => {
    const world = engineWorld(["a"]);
    await world.cloud.faults.set({ call: "end", times: 1000, does: { what: "fail" } });
    const summary = await backUp(world, ["a"]);
    expect(summary).toMatchObject({ status: "partial", held: ["a"], frozen: [] });
    expect(exitCodeOfRun(summary)).toBe(13);
    expect(await world.store.debts()).toMatchObject([{ spec: { harm: "held" }, state: "open" }]);
    expect(await onlySet(world)).toMatchObject({ complete: false, items: [{ status: "ok" }] });
  });

  test("a release that fails after a failed copy keeps the item on record: nobody knows what is left of it", async () => {
    const world = engineWorld(["a"]);
    world.repository.faults.room = 0;
    await world.cloud.faults.set({ call: "end", times: 1000, does: { what: "fail" } });
    expect(await backUp(world, ["a"])).toMatchObject({ status: "failed", held: ["a"] });
    expect(await onlySet(world)).toMatchObject({ items: [{ status: "captured" }] });
  });
});

describe("a copy that does not end", () => {
  const slow = (world: EngineWorld, ms: number): void => {
    world.repository.faults.delayMs = ms;
  };

  test("is released by the watchdog; a completion that comes later is no success", async () => {
    const world = engineWorld(["a"]);
    world.cloud.delayMs = { "read-job": heldMs + 1000 };
    // The release's own look, after those of prepare, capture and copy: the copy ends before anything is taken away.
    await world.cloud.faults.set({ call: "look", after: 4, does: { what: "delay", ms: 5000 } });
    const summary = await backUp(world, ["a"]);
    expect(world.events.find(({ type }) => type === "debt.paid")).toMatchObject({ by: "watchdog" });
    expect(summary).toMatchObject({ status: "failed", held: [] });
    await expectNothingLeft(world);
  });

  test.for(["soft", "hard"] as const)("a %s cancel breaks it off, releases it and leaves nothing", async (mode) => {
    const world = engineWorld(["a"]);
    slow(world, 1000);
    const handle = await world.start(heldPlan(world, ["a"]));
    await world.clock.advance(500);
    await handle.cancel(mode);
    const summary = await world.clock.until(handle.result);
    expect(summary.status).toBe("cancelled");
    expect(exitCodeOfRun(summary)).toBe(130);
    await expectNothingLeft(world);
  });

  test("a process that another one took over from releases nothing and writes no manifest", async () => {
    const world = engineWorld(["a"]);
    slow(world, 1000);
    const handle = await world.start(heldPlan(world, ["a"]));
    await world.clock.advance(500);
    await world.store.claim(handle.run, "run", "another");
    await expect(world.clock.until(handle.result)).rejects.toMatchObject({ code: "fenced" });
    expect(world.cloud.backups.jobs.size).toBe(1);
    expect(world.repository.kept()).toEqual([]);
  });
});

describe("a journal that can no longer be written in the middle of a backup", () => {
  // A whole run needs nine.
  test.each(Array.from({ length: 9 }, (_, n) => n))(
    "after %i writes: the run ends with that error, nothing is held and no set is complete",
    async (n) => {
      const clock = new VirtualClock();
      const world = engineWorld(["a"], fillingUp(memoryStore({ clock }), n), clock);
      const { result } = await world.start(heldPlan(world, ["a"]));
      await expect(clock.until(result)).rejects.toThrow("The disk is full.");
      expectNothingHeld(world);
      expect((await sets(world)).every(({ complete }) => !complete)).toBe(true);
    },
  );
});

describe("a removal", () => {
  test("of a protected set, or of another store's, is refused before anything is done", async () => {
    const world = engineWorld(["a"]);
    await backUp(world, ["a"]);
    const set = await onlySet(world);
    await world.store.annotate(set.id, { protected: true });
    await expect(world.start(removalPlan(set, ["a"]), "r2")).rejects.toMatchObject({
      problems: [{ code: "protected" }],
    });
    const { id, location } = world.repository;
    const theirs = { ...set, id: asId<Manifest["id"]>("theirs"), name: "theirs", repository: { id, location } };
    await world.store.adopt([{ store: "another", manifest: theirs }]);
    await expect(world.start(removalPlan(theirs, ["a"]), "r3")).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("another store"),
    });
    expect(world.repository.kept()).toHaveLength(1);
  });

  test("withdraws the manifest before it takes anything away", async () => {
    const world = engineWorld(["a"]);
    await backUp(world, ["a"]);
    world.cloud.delayMs = { "drop-point": 1000 };
    const handle = await world.start(removalPlan(await onlySet(world), ["a"]), "r2");
    await world.clock.advance(500);
    expect(world.repository.kept()).toEqual([]);
    expect((await world.clock.until(handle.result)).status).toBe("succeeded");
    await expectNothingLeft(world);
  });

  test("of a part leaves a manifest of what is left", async () => {
    const world = engineWorld(["a", "b"]);
    await backUp(world, ["a", "b"]);
    world.cloud.delayMs = { "drop-point": 1000 };
    const handle = await world.start(removalPlan(await onlySet(world), ["a"]), "r2");
    await world.clock.advance(500);
    expect(world.repository.kept()).toMatchObject([{ manifest: { items: [{ instance: "b" }] } }]);
    await world.clock.until(handle.result);
    expect(world.repository.kept()).toMatchObject([{ manifest: { items: [{ instance: "b" }] } }]);
    expect((await onlySet(world)).items).toHaveLength(1);
  });

  test("that fails puts the manifest back for what is left", async () => {
    const world = engineWorld(["a"]);
    await backUp(world, ["a"]);
    await world.cloud.faults.set({ call: "drop-point", does: { what: "fail" } });
    const { result } = await world.start(removalPlan(await onlySet(world), ["a"]), "r2");
    expect((await world.clock.until(result)).status).toBe("failed");
    expect(world.repository.kept()).toEqual([{ store: world.store.id, manifest: await onlySet(world) }]);
  });

  test("does not begin where the manifest cannot be withdrawn", async () => {
    const world = engineWorld(["a"]);
    await backUp(world, ["a"]);
    const files = world.repository.files();
    world.repository.faults.readOnly = true;
    const { result } = await world.start(removalPlan(await onlySet(world), ["a"]), "r2");
    const summary = await world.clock.until(result);
    expect(summary).toMatchObject({
      status: "failed",
      error: { code: "forbidden", message: expect.stringContaining("read-only") },
      instances: [{ status: "not-run" }],
    });
    expect(world.repository.files()).toEqual(files);
    expect(world.cloud.backups.points.size).toBe(1);
  });
});
