import { asId, type KeptPoint, type StepEnd, type Store } from "@quiesce/core";
import { expect } from "vitest";
import { restorePlan, shop, wayBackPlan } from "./sample-plan.ts";
import { begunRun, ended, failed, intended, record, runId, settled, succeeded, undone } from "./sample-run.ts";
import type { StoreCase, StoreWorld } from "./store-case.ts";

const point = (detail: string): KeptPoint => ({ is: "old-disks", detail, bytes: 7, kept: { disk: `old ${detail}` } });
const keeping = (detail: string): StepEnd => succeeded({ recovery: point(detail) });

const restored = async (world: StoreWorld, run: string, plan = restorePlan()) =>
  record(world, await begunRun(world, run, plan), [
    ended("backup.restore/vm1", keeping(`vm1 of ${run}`)),
    ended("backup.restore/vm2", keeping(`vm2 of ${run}`)),
    settled("succeeded"),
  ]);

const detailsOf = async (store: Store, filter: Parameters<Store["recoveries"]>[0] = {}) =>
  (await store.recoveries(filter)).map((one) => one.point.detail);

/** What a restore kept, until it is taken or given up. */
export const recoveryCases: readonly StoreCase[] = [
  {
    name: "a restore that kept a way back puts on record all that is needed to take it or to give it up",
    test: async (world) => {
      const claim = await begunRun(world, "one", restorePlan());
      const [, end] = await record(world, claim, [
        intended("backup.restore/vm1"),
        ended("backup.restore/vm1", keeping("old disks of vm1")),
        ended("backup.restore/vm2", succeeded()),
      ]);
      expect(await (await world.another()).recoveries({})).toEqual([
        {
          run: "one",
          deployment: shop,
          instance: "vm1",
          kind: "vm",
          provider: "hv1",
          providerId: "id-of-vm1",
          at: end?.at,
          backup: { id: "nightly-1", name: "nightly", kind: "backup" },
          input: { image: "id-of-vm1" },
          point: point("old disks of vm1"),
        },
      ]);
    },
  },

  {
    name: "a restore that failed, or that kept nothing, has none",
    test: async (world) => {
      const claim = await begunRun(world, "one", restorePlan());
      await record(world, claim, [ended("backup.restore/vm1", failed), ended("backup.restore/vm2", succeeded())]);
      expect(await world.store.recoveries({})).toEqual([]);
    },
  },

  {
    name: "they are listed newest first, of all runs, of one deployment or of one run",
    test: async (world) => {
      await restored(world, "one");
      await restored(world, "two", restorePlan({ deployment: asId("other") }));
      const other = await world.another();
      expect(await detailsOf(other)).toEqual(["vm2 of two", "vm1 of two", "vm2 of one", "vm1 of one"]);
      expect(await detailsOf(other, { deployment: shop })).toEqual(["vm2 of one", "vm1 of one"]);
      expect(await detailsOf(other, { run: runId("two") })).toEqual(["vm2 of two", "vm1 of two"]);
      expect(await detailsOf(other, { run: runId("two"), deployment: shop })).toEqual([]);
      expect(await detailsOf(other, { deployment: asId("nobody") })).toEqual([]);
    },
  },

  {
    name: "one is gone when it was taken or given up, and only that one; a try that failed leaves it",
    test: async (world) => {
      for (const does of ["undo", "commit"] as const) {
        const run = `before ${does}`;
        await restored(world, run);
        await restored(world, `beside ${does}`, restorePlan({ deployment: asId("beside") }));
        const claim = await begunRun(world, does, wayBackPlan(does, runId(run)));
        await record(world, claim, [intended(`${does}/vm1`), ended(`${does}/vm1`, failed)]);
        expect(await detailsOf(world.store, { run: runId(run) })).toHaveLength(2);
        await record(world, claim, [ended(`${does}/vm1`, succeeded()), settled("succeeded")]);
        expect(await detailsOf(await world.another(), { run: runId(run) })).toEqual([`vm2 of ${run}`]);
        expect(await detailsOf(world.store, { run: runId(`beside ${does}`) })).toHaveLength(2);
      }
    },
  },

  {
    name: "a restore that was taken back by its own run has none",
    test: async (world) => {
      const claim = await begunRun(world, "one", restorePlan());
      await record(world, claim, [
        ended("backup.restore/vm1", keeping("vm1")),
        ended("backup.restore/vm2", keeping("vm2")),
        undone("backup.restore/vm1"),
      ]);
      expect(await detailsOf(await world.another())).toEqual(["vm2"]);
    },
  },

  {
    name: "of a restore that was done twice the later way back counts",
    test: async (world) => {
      const claim = await begunRun(world, "one", restorePlan());
      await record(world, claim, [
        ended("backup.restore/vm1", keeping("first")),
        ended("backup.restore/vm2", keeping("vm2")),
        { ...ended("backup.restore/vm1", keeping("second")), epoch: 1 },
        undone("backup.restore/vm1"),
      ]);
      expect(await detailsOf(await world.another())).toEqual(["second", "vm2"]);
    },
  },
];
