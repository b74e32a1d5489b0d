import { asId, type Recorded } from "@quiesce/core";
import { expect } from "vitest";
import { backupPlan, planOf } from "./sample-plan.ts";
import { begunRun, ended, eventOf, intended, record, runId, settled, succeeded, ttlMs } from "./sample-run.ts";
import type { StoreCase } from "./store-case.ts";

const codeOf = (result: PromiseSettledResult<unknown>): unknown =>
  result.status === "fulfilled" ? "kept" : (result.reason as { readonly code?: unknown }).code;

/** The one way to write: order, fencing, all or nothing. */
export const commitCases: readonly StoreCase[] = [
  {
    name: "events are kept in the order of the commits, and are read from any position by any process",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      const steps = Array.from({ length: 50 }, (_, at) => eventOf(world, claim.run, intended(`step ${at}`)));
      await Promise.all(steps.map((event) => world.store.commit(claim, [event])));
      const other = await world.another();
      expect(await other.events(claim.run, 1)).toEqual(steps);
      expect(await other.events(claim.run, 49)).toEqual(steps.slice(48));
      expect(await other.events(claim.run, 51)).toEqual([]);
    },
  },

  {
    name: "what the caller changes after the call is not written",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      const event = { ...eventOf(world, claim.run, intended("step")) };
      const committed = world.store.commit(claim, [event]);
      Object.assign(event, { step: "another" });
      await committed;
      expect(await world.store.events(claim.run, 1)).toMatchObject([{ step: "step" }]);
    },
  },

  {
    name: "a state does not change when the run goes on",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      const before = await world.store.state(claim.run);
      await record(world, claim, [intended("freeze/vm1"), { type: "run.cancel", mode: "soft" }]);
      expect(before.steps.size).toBe(0);
      expect(before.cancel).toBe("none");
    },
  },

  {
    name: "a newer claim fences the older one on the same chain, and no other",
    test: async (world) => {
      const { store } = world;
      const run = await begunRun(world, "one", backupPlan());
      const old = await store.claim(run.run, asId("vm1"), "old");
      const beside = await store.claim(run.run, asId("vm2"), "beside");
      const newer = await (await world.another()).claim(run.run, asId("vm1"), "newer");
      expect(newer.token).toBeGreaterThan(old.token);
      await expect(record(world, old, [intended("freeze/vm1")])).rejects.toMatchObject({ code: "fenced" });
      for (const claim of [newer, beside, run]) await record(world, claim, [intended(`by ${claim.chain}`)]);
      expect(await store.events(run.run, 1)).toMatchObject([
        { step: "by vm1" },
        { step: "by vm2" },
        { step: "by run" },
      ]);
    },
  },

  {
    name: "a commit that is refused does not spoil those beside it",
    test: async (world) => {
      const { store } = world;
      const run = await begunRun(world, "one", backupPlan());
      const old = await store.claim(run.run, asId("vm1"), "old");
      const newer = await store.claim(run.run, asId("vm1"), "newer");
      const nobody = { run: runId("nobody"), chain: "run", token: 1 } as const;
      const claims = [run, old, newer, nobody, run];
      const results = await Promise.allSettled(
        claims.map((claim, at) => store.commit(claim, [eventOf(world, claim.run, intended(`step ${at}`))])),
      );
      expect(results.map(codeOf)).toEqual(["kept", "fenced", "kept", "not-found", "kept"]);
      const other = await world.another();
      expect(await other.events(run.run, 1)).toMatchObject([
        { step: "step 0" },
        { step: "step 2" },
        { step: "step 4" },
      ]);
      expect([...(await store.state(run.run)).steps.keys()]).toEqual(["step 0", "step 2", "step 4"]);
      expect(await store.state(run.run)).toEqual(await other.state(run.run));
    },
  },

  {
    name: "of a commit that cannot be kept nothing is kept",
    test: async (world) => {
      const { store, clock } = world;
      await begunRun(world, "late", backupPlan());
      clock.move(ttlMs);
      const other = await begunRun(world, "other", backupPlan());
      await record(world, other, [ended("backup.create/vm2", succeeded()), settled("succeeded")]);
      const late = await store.claim(runId("late"), "run", "w");
      expect(await store.renew(late, ttlMs)).toBe(true);
      await record(world, late, [intended("freeze/vm1")]);
      const before = await store.state(late.run);
      const capture = eventOf(world, late.run, ended("backup.create/vm2", succeeded()));
      const results = await Promise.allSettled([
        store.commit(late, [eventOf(world, late.run, intended("lost")), capture]),
        store.commit(late, [eventOf(world, late.run, intended("kept"))]),
      ]);
      expect(results.map(codeOf)).toEqual(["refused", "kept"]);
      expect(await store.events(late.run, 2)).toMatchObject([{ step: "kept" }]);
      const after = await store.state(late.run);
      expect([...after.steps.keys()]).toEqual([...before.steps.keys(), "kept"]);
      expect(await store.catalogue.list({})).toMatchObject([{ run: "other" }]);
    },
  },

  {
    name: "two processes may write to one run, each to its chain",
    test: async (world) => {
      const run = await begunRun(world, "one", backupPlan());
      const stores = [world.store, await world.another()];
      const written = await Promise.all(
        stores.map(async (store, at): Promise<readonly Recorded[]> => {
          const claim = await store.claim(run.run, asId(`chain ${at}`), "w");
          const events = Array.from({ length: 20 }, (_, nth) => eventOf(world, run.run, intended(`${at}/${nth}`)));
          for (const event of events) {
            await store.commit(claim, [event]);
            if (event.type === "step.intended") expect(await store.step(run.run, event.step)).toBeDefined();
          }
          return events;
        }),
      );
      const journal = await world.store.events(run.run, 1);
      expect(journal).toHaveLength(40);
      for (const [at, events] of written.entries())
        expect(journal.filter((event) => "step" in event && event.step.startsWith(`${at}/`))).toEqual(events);
      for (const store of stores) expect((await store.state(run.run)).steps.size).toBe(40);
    },
  },

  {
    name: "a run that is not stored is said to be unknown",
    test: async ({ store, clock }) => {
      const x = runId("x");
      const unknown = { code: "not-found" };
      await expect(store.claim(x, "run", "w")).rejects.toMatchObject(unknown);
      await expect(store.state(x)).rejects.toMatchObject(unknown);
      await expect(store.step(x, asId("s"))).rejects.toMatchObject(unknown);
      await expect(store.events(x, 0)).rejects.toMatchObject(unknown);
      await expect(store.cancelled(x)).rejects.toMatchObject(unknown);
      await expect(store.requestCancel(x, "soft", clock.now())).rejects.toMatchObject(unknown);
      expect(await store.load(x)).toBeUndefined();
    },
  },

  {
    name: "a cancel is seen by every process, and hard stays hard",
    test: async (world) => {
      const { store, clock } = world;
      const claim = await begunRun(world, "one", planOf({ workflow: "suspend" }));
      const other = await world.another();
      expect(await store.cancelled(claim.run)).toBe("none");
      await other.requestCancel(claim.run, "soft", clock.now());
      expect(await store.cancelled(claim.run)).toBe("soft");
      await other.requestCancel(claim.run, "hard", clock.now());
      await other.requestCancel(claim.run, "soft", clock.now());
      expect(await store.cancelled(claim.run)).toBe("hard");
      await record(world, claim, [settled("cancelled")]);
      await other.requestCancel(claim.run, "soft", clock.now());
      expect((await store.events(claim.run, 1)).map(({ type }) => type)).toEqual([
        "run.cancel",
        "run.cancel",
        "run.cancel",
        "run.settled",
      ]);
    },
  },
];
