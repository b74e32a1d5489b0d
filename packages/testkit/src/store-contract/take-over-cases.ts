import { asId, type Claim, type Store } from "@quiesce/core";
import { expect } from "vitest";
import { planOf } from "./sample-plan.ts";
import { begunRun, beginRun, intended, record, runId, settled, takenOver, takeOver, ttlMs } from "./sample-run.ts";
import type { StoreCase, StoreWorld } from "./store-case.ts";

const plan = planOf({ workflow: "suspend", locks: ["disk", "host"] });
const dead = "worker of one";

const recordOf = async (store: Store) => (await store.load(runId("one")))?.record;

/** It writes nothing, renews nothing and frees nothing. */
const expectFenced = async (world: StoreWorld, claim: Claim): Promise<void> => {
  const before = await world.store.load(claim.run);
  await expect(record(world, claim, [intended("freeze/vm1")])).rejects.toMatchObject({ code: "fenced" });
  expect(await world.store.renew(claim, ttlMs)).toBe(false);
  await world.store.letGo(claim);
  expect(await world.store.load(claim.run)).toEqual(before);
};

/** Who goes on with a run whose process died. */
export const takeOverCases: readonly StoreCase[] = [
  {
    name: "while its worker may live it is refused, the worker is named, and nothing is written",
    test: async (world) => {
      const claim = await begunRun(world, "one", plan);
      const before = await recordOf(world.store);
      world.clock.move(ttlMs - 1);
      expect(await takeOver(world, "one")).toEqual({ taken: false, worker: dead, until: world.clock.in(1) });
      expect(await recordOf(world.store)).toEqual(before);
      expect(await world.store.events(claim.run, 1)).toEqual([]);
      await record(world, claim, [intended("freeze/vm1")]);
    },
  },

  {
    name: "at the end of its lease it is given with its locks, and the journal and every process know by whom",
    test: async (world) => {
      const { clock, another } = world;
      for (const policy of ["continue", "compensate", "debts"] as const) {
        const run = `to ${policy}`;
        await begunRun(world, run, planOf({ workflow: "suspend", deployment: asId(run), locks: [run] }));
        clock.move(ttlMs);
        const { claim, locks } = await takenOver(world, run, { policy, ttlMs: 2 * ttlMs });
        expect(locks).toBe(true);
        const other = await another();
        expect(await other.events(runId(run), 1)).toEqual([
          { type: "run.recovering", run, at: clock.now(), worker: "rescuer", policy },
        ]);
        const heldUntil = clock.in(2 * ttlMs);
        expect((await other.load(runId(run)))?.record).toMatchObject({
          status: "running",
          worker: "rescuer",
          heldUntil,
        });
        const late = planOf({ workflow: "resume", locks: [run] });
        expect(await beginRun(world, "late", late)).toMatchObject({ begun: false, by: run, worker: "rescuer" });
        await record(world, claim, [intended("freeze/vm1"), settled("failed")]);
      }
    },
  },

  {
    name: "a worker that is known to be gone is not waited for, and only that very one",
    test: async (world) => {
      await begunRun(world, "one", plan);
      for (const gone of ["worker of two", "worker of on", `${dead} `, "rescuer", ""])
        expect(await takeOver(world, "one", { gone })).toMatchObject({ taken: false, worker: dead });
      expect(await takeOver(world, "one", { gone: dead })).toMatchObject({ taken: true, locks: true });
      expect(await takeOver(world, "one", { gone: dead })).toMatchObject({ taken: false, worker: "rescuer" });
    },
  },

  {
    name: "every claim from before is refused from then on: of the run and of its chains",
    test: async (world) => {
      const { store } = world;
      const old = await begunRun(world, "one", plan);
      const chains = await Promise.all(["vm1", "vm2"].map((unit) => store.claim(old.run, asId(unit), dead)));
      const { claim } = await takenOver(world, "one", { gone: dead });
      for (const fenced of [old, ...chains]) await expectFenced(world, fenced);
      expect(await store.renew(claim, ttlMs)).toBe(true);
      const again = await takenOver(world, "one", { gone: "rescuer", worker: "second" });
      await expectFenced(world, claim);
      await record(world, again.claim, [intended("freeze/vm1")]);
    },
  },

  {
    name: "of several processes that take it over at once one gets it, and the others learn who",
    test: async (world) => {
      await begunRun(world, "one", plan);
      const stores = [world.store, await world.another(), await world.another(), await world.another()];
      const asked = stores.map((store, at) =>
        takeOver({ store, clock: world.clock }, "one", { worker: `rescuer ${at}`, gone: dead }),
      );
      const results = await Promise.all(asked);
      expect(results.filter(({ taken }) => taken)).toHaveLength(1);
      const winner = (await recordOf(world.store))?.worker;
      for (const result of results) if (!result.taken) expect(result.worker).toBe(winner);
      expect(await world.store.events(runId("one"), 1)).toMatchObject([{ type: "run.recovering", worker: winner }]);
      for (const result of results) if (result.taken) await record(world, result.claim, [settled("failed")]);
    },
  },

  {
    name: "its renewals keep the run from others like those of the first worker",
    test: async (world) => {
      const { clock, store } = world;
      await begunRun(world, "one", plan);
      clock.move(ttlMs);
      const { claim } = await takenOver(world, "one");
      for (let beat = 0; beat < 3; beat++) {
        clock.move(ttlMs - 1);
        expect(await takeOver(world, "one", { worker: "second" })).toMatchObject({ taken: false, until: clock.in(1) });
        expect(await store.renew(claim, ttlMs)).toBe(true);
      }
      clock.move(ttlMs);
      expect(await takeOver(world, "one", { worker: "second" })).toMatchObject({ taken: true });
      await expectFenced(world, claim);
    },
  },

  {
    name: "what was taken over and let go is free at once, for a new run and for the next who takes it over",
    test: async (world) => {
      const { store } = world;
      await begunRun(world, "one", plan);
      const { claim } = await takenOver(world, "one", { gone: dead });
      const chain = await store.claim(claim.run, asId("vm1"), "rescuer");
      await store.letGo(chain);
      expect((await recordOf(store))?.heldUntil).toBeDefined();
      await store.letGo(claim);
      expect(await recordOf(store)).toMatchObject({ status: "running", worker: "rescuer" });
      expect((await recordOf(store))?.heldUntil).toBeUndefined();
      for (const spent of [claim, chain]) await expectFenced(world, spent);
      await begunRun(world, "two", plan);
      expect(await takeOver(world, "one")).toMatchObject({ taken: true, locks: false });
    },
  },

  {
    name: "a clock that is set back does not keep a dead run from being taken over for the length of the jump",
    test: async (world) => {
      const { clock } = world;
      await begunRun(world, "one", plan);
      clock.move(-24 * 3_600_000);
      expect(await takeOver(world, "one")).toMatchObject({ taken: false, until: clock.in(ttlMs) });
      clock.move(ttlMs);
      await takenOver(world, "one");
      clock.move(-24 * 3_600_000);
      expect(await takeOver(world, "one", { worker: "second" })).toMatchObject({ until: clock.in(ttlMs) });
      clock.move(ttlMs);
      await takenOver(world, "one", { worker: "second" });
    },
  },

  {
    name: "a new run takes the locks of a rescuer that died too, and fences it",
    test: async (world) => {
      const { clock, store } = world;
      await begunRun(world, "one", plan);
      const { claim } = await takenOver(world, "one", { gone: dead });
      clock.move(ttlMs);
      await begunRun(world, "two", plan);
      await expectFenced(world, claim);
      expect((await recordOf(store))?.heldUntil).toBeUndefined();
    },
  },

  {
    name: "a run that is not stored can be neither taken over nor let go",
    test: async (world) => {
      await expect(takeOver(world, "nobody")).rejects.toMatchObject({ code: "not-found" });
      const claim = { run: runId("nobody"), chain: "run", token: 1 } as const;
      await expect(world.store.letGo(claim)).rejects.toMatchObject({ code: "not-found" });
    },
  },
];
