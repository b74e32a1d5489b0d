import { asId, isQuiesceError } from "@quiesce/core";
import { expect } from "vitest";
import { backupPlan, deploymentNamed, planOf, shop, targetOf, stepOf } from "./sample-plan.ts";
import { begunRun, beginRun, ended, record, runId, settled, succeeded, ttlMs } from "./sample-run.ts";
import type { StoreCase } from "./store-case.ts";

/** Starting a run: what is stored, and what is refused. */
export const beginCases: readonly StoreCase[] = [
  {
    name: "a run that began can be read by every process",
    test: async (world) => {
      const { clock, store } = world;
      await begunRun(world, "first", backupPlan({ deployment: asId("a"), locks: [] }));
      const startedAt = clock.now();
      clock.move(1_000);
      await begunRun(world, "second", backupPlan());
      const other = await world.another();
      const record = {
        run: "second",
        workflow: "backup",
        deployment: shop,
        startedAt: clock.now(),
        status: "running",
        worker: "worker of second",
        openDebts: 0,
        heldUntil: clock.in(ttlMs),
      };
      expect(await other.load(runId("second"))).toEqual({
        plan: backupPlan(),
        deployment: deploymentNamed(shop),
        record,
      });
      expect(await other.events(runId("first"), 0)).toEqual([
        { type: "run.started", run: "first", at: startedAt, plan: backupPlan().digest },
      ]);
      expect((await other.runs({})).map(({ run }) => run)).toEqual(["second", "first"]);
      expect(await other.runs({ deployment: shop })).toEqual([record]);
      expect(other.id).toBe(store.id);
    },
  },

  {
    name: "the runs that are open, and those that are settled, are told apart",
    test: async (world) => {
      const claim = await begunRun(world, "done", planOf({ workflow: "suspend", deployment: asId("a") }));
      await begunRun(world, "open", planOf({ workflow: "suspend" }));
      await record(world, claim, [settled("partial")]);
      expect((await world.store.runs({ open: true })).map(({ run }) => run)).toEqual(["open"]);
      expect(await world.store.runs({ open: false })).toMatchObject([
        { run: "done", status: "partial", settledAt: world.clock.now() },
      ]);
    },
  },

  {
    name: "a run id is used once",
    test: async (world) => {
      const claim = await begunRun(world, "one", planOf({ workflow: "suspend" }));
      await record(world, claim, [settled("succeeded")]);
      const again = await beginRun(world, "one", planOf({ workflow: "resume" })).catch((error: unknown) => error);
      expect(isQuiesceError(again) && again.code).toBe("refused");
      expect((await world.store.load(runId("one")))?.plan.workflow).toBe("suspend");
    },
  },

  {
    name: "a backup name that is taken is refused before anything is written",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      await record(world, claim, [ended("backup.create/vm2", succeeded()), settled("succeeded")]);
      const again = await beginRun(world, "two", backupPlan()).catch((error: unknown) => error);
      expect(isQuiesceError(again) && again.code).toBe("refused");
      expect(isQuiesceError(again) && again.message).toContain("nightly");
      expect(isQuiesceError(again) && again.problems).toMatchObject([{ code: "name-taken" }]);
      expect(await world.store.load(runId("two"))).toBeUndefined();
      await begunRun(world, "three", backupPlan({ backup: { name: "nightly", kind: "snapshot" } }));
    },
  },

  {
    name: "a run without items leaves its name free",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      await record(world, claim, [settled("failed")]);
      expect(await world.store.catalogue.list({})).toEqual([]);
      await begunRun(world, "two", backupPlan());
    },
  },

  {
    name: "of two processes that begin at once one gets the deployment",
    test: async (world) => {
      const plan = planOf({ workflow: "suspend" }, [stepOf({ operation: "suspend", targets: [targetOf("vm1")] })]);
      const stores = [world.store, await world.another(), await world.another()];
      const begun = await Promise.all(
        stores.map((store, at) => beginRun({ store, clock: world.clock }, `run ${at}`, plan)),
      );
      expect(begun.filter((one) => one.begun)).toHaveLength(1);
      expect(await world.store.runs({})).toHaveLength(1);
    },
  },
];
