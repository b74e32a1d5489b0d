import { asId, isQuiesceError } from "@quiesce/core";
import { expect } from "vitest";
import { planOf } from "./sample-plan.ts";
import { begunRun, beginRun, record, runId, settled, ttlMs } from "./sample-run.ts";
import type { StoreCase } from "./store-case.ts";

const shopPlan = planOf({ workflow: "suspend", locks: ["disk", "host"] });
const otherPlan = planOf({ workflow: "suspend", deployment: asId("other"), locks: ["host"] });

/** Who may work on a deployment and its objects, and for how long. */
export const lockCases: readonly StoreCase[] = [
  {
    name: "a deployment that is worked on is refused, and the holder is named",
    test: async (world) => {
      await begunRun(world, "one", shopPlan);
      world.clock.move(10);
      expect(await beginRun(world, "two", planOf({ workflow: "resume" }))).toEqual({
        begun: false,
        key: "deployment/shop",
        by: "one",
        worker: "worker of one",
        until: world.clock.in(ttlMs - 10),
      });
      expect(await world.store.load(runId("two"))).toBeUndefined();
    },
  },

  {
    name: "an object that another deployment's run works on is refused, and nothing is taken",
    test: async (world) => {
      await begunRun(world, "one", shopPlan);
      expect(await beginRun(world, "two", otherPlan)).toMatchObject({ begun: false, key: "object/host", by: "one" });
      await begunRun(world, "three", { ...otherPlan, locks: ["elsewhere"] });
    },
  },

  {
    name: "locks are held until their end and not a millisecond longer",
    test: async (world) => {
      await begunRun(world, "one", shopPlan);
      world.clock.move(ttlMs - 1);
      expect(await beginRun(world, "two", shopPlan)).toMatchObject({ begun: false });
      world.clock.move(1);
      expect(await beginRun(world, "two", shopPlan)).toMatchObject({ begun: true });
    },
  },

  {
    name: "renewing keeps the locks",
    test: async (world) => {
      const claim = await begunRun(world, "one", shopPlan);
      world.clock.move(ttlMs - 1);
      expect(await world.store.renew(claim, ttlMs)).toBe(true);
      world.clock.move(ttlMs - 1);
      expect(await beginRun(world, "two", otherPlan)).toMatchObject({ begun: false });
      expect((await world.store.load(claim.run))?.record.heldUntil).toBe(world.clock.in(1));
    },
  },

  {
    name: "who lost one lock has lost them all, and may not write",
    test: async (world) => {
      const { store, clock } = world;
      const run = await begunRun(world, "one", shopPlan);
      const chain = await store.claim(run.run, asId("vm1"), "w");
      clock.move(ttlMs);
      const winner = await begunRun(world, "two", otherPlan);
      expect(await store.renew(run, ttlMs)).toBe(false);
      for (const claim of [run, chain])
        await expect(record(world, claim, [settled("failed")])).rejects.toMatchObject({ code: "fenced" });
      await expect(store.claim(run.run, asId("vm2"), "w")).rejects.toMatchObject({ code: "fenced" });
      expect((await store.load(run.run))?.record).toMatchObject({ status: "running" });
      expect((await store.load(run.run))?.record.heldUntil).toBeUndefined();
      await begunRun(world, "three", planOf({ workflow: "suspend", deployment: asId("third"), locks: ["disk"] }));
      expect(await store.renew(winner, ttlMs)).toBe(true);
    },
  },

  {
    name: "a run that lost its locks can be claimed for its debts, and gets the locks when they are free again",
    test: async (world) => {
      const { store, clock } = world;
      const run = runId("one");
      await begunRun(world, "one", shopPlan);
      clock.move(ttlMs);
      const winner = await begunRun(world, "two", otherPlan);
      const again = await store.claim(run, "run", "rescuer");
      await record(world, again, [{ type: "debt.void", debt: asId("thaw/vm1") }]);
      expect(await store.renew(again, ttlMs)).toBe(false);
      await record(world, winner, [settled("succeeded")]);
      expect(await store.renew(again, ttlMs)).toBe(true);
      expect((await store.load(run))?.record).toMatchObject({ worker: "rescuer", heldUntil: clock.in(ttlMs) });
      expect(await beginRun(world, "three", otherPlan)).toMatchObject({ by: "one", worker: "rescuer" });
    },
  },

  {
    name: "a settled run has let its locks go and cannot take them again",
    test: async (world) => {
      const claim = await begunRun(world, "one", shopPlan);
      await record(world, claim, [settled("succeeded")]);
      expect((await world.store.load(claim.run))?.record.heldUntil).toBeUndefined();
      expect(await world.store.renew(claim, ttlMs)).toBe(false);
      await begunRun(world, "two", shopPlan);
    },
  },

  {
    name: "a clock that is set back does not keep a dead run's locks for the length of the jump",
    test: async (world) => {
      const { clock, store } = world;
      const claim = await begunRun(world, "dead", shopPlan);
      clock.move(-24 * 3_600_000);
      expect(await beginRun(world, "two", shopPlan)).toMatchObject({ begun: false, until: clock.in(ttlMs) });
      expect((await store.load(claim.run))?.record.heldUntil).toBe(clock.in(ttlMs));
      clock.move(ttlMs);
      await begunRun(world, "two", shopPlan);
    },
  },

  {
    name: "who only reads sees the end of a dead run's locks too, after the clock is set back",
    test: async (world) => {
      const { clock, another } = world;
      const { run } = await begunRun(world, "dead", shopPlan);
      clock.move(-24 * 3_600_000);
      const reader = await another();
      const end = clock.in(ttlMs);
      expect((await reader.load(run))?.record.heldUntil).toBe(end);
      clock.move(ttlMs / 2);
      expect((await reader.load(run))?.record.heldUntil).toBe(end);
      expect(await reader.runs({})).toMatchObject([{ heldUntil: end }]);
    },
  },

  {
    name: "a clock that is set back does not free a living run's locks",
    test: async (world) => {
      const { clock, store } = world;
      const claim = await begunRun(world, "living", shopPlan);
      clock.move(-24 * 3_600_000);
      for (let beat = 0; beat < 4; beat++) {
        expect(await beginRun(world, "two", shopPlan)).toMatchObject({ begun: false });
        clock.move(ttlMs / 2);
        expect(await store.renew(claim, ttlMs)).toBe(true);
      }
    },
  },

  {
    name: "a run that is not stored has nothing to renew",
    test: async ({ store }) => {
      const error = await store
        .renew({ run: runId("x"), chain: "run", token: 1 }, ttlMs)
        .catch((thrown: unknown) => thrown);
      expect(isQuiesceError(error) && error.code).toBe("not-found");
    },
  },
];
