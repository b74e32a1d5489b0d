import { asId, type Claim, type Store } from "@quiesce/core";
import { expect } from "vitest";
import { backupPlan, frozenDebt, planOf, targetOf } from "./sample-plan.ts";
import {
  begunRun,
  beginRun,
  intended,
  paid,
  record,
  runId,
  settled,
  takenOver,
  takeOver,
  ttlMs,
} from "./sample-run.ts";
import type { StoreCase, StoreWorld } from "./store-case.ts";

const debt = frozenDebt(targetOf("vm1"));
const owing = { ...intended("freeze/vm1"), debt } as const;
const otherPlan = planOf({ workflow: "suspend", deployment: asId("other"), locks: ["id-of-vm1"] });

const recordOf = async (store: Store, run: string) => (await store.load(runId(run)))?.record;

/** Run `one` owes a thaw, and lost its locks to run `two`; then somebody takes it over for its debts. */
const overtaken = async (world: StoreWorld): Promise<{ readonly payer: Claim; readonly winner: Claim }> => {
  await record(world, await begunRun(world, "one", backupPlan()), [owing]);
  world.clock.move(ttlMs);
  const winner = await begunRun(world, "two", otherPlan);
  const { claim, locks } = await takenOver(world, "one", { policy: "debts" });
  expect(locks).toBe(false);
  return { payer: claim, winner };
};

/** Run `one` settled and owes a thaw. */
const settledOwing = async (world: StoreWorld): Promise<void> => {
  await record(world, await begunRun(world, "one", backupPlan()), [owing, settled("failed")]);
};

/** A run whose locks are another's, or that settled, is held for its debts alone. */
export const leaseCases: readonly StoreCase[] = [
  {
    name: "while another run holds one of its locks nobody is evicted, and its debts can be paid",
    test: async (world) => {
      const { store, clock } = world;
      const { payer, winner } = await overtaken(world);
      expect(await recordOf(store, "one")).toMatchObject({
        worker: "rescuer",
        heldUntil: clock.in(ttlMs),
        openDebts: 1,
      });
      expect(await store.renew(winner, ttlMs)).toBe(true);
      await record(world, winner, [intended("suspend/vm1")]);
      await expect(store.claim(payer.run, asId("vm1"), "rescuer")).rejects.toMatchObject({ code: "fenced" });
      await record(world, payer, [
        { type: "debt.paying", debt: debt.key, by: "recovery", attempt: 1 },
        { ...paid(debt.key, 90_000), by: "recovery" },
      ]);
      expect(await recordOf(await world.another(), "one")).toMatchObject({ status: "running", openDebts: 0 });
      expect(await store.debts()).toEqual([]);
    },
  },

  {
    name: "it keeps others from taking the run over, like a lease with locks",
    test: async (world) => {
      const { store, clock } = world;
      const { payer } = await overtaken(world);
      clock.move(ttlMs - 1);
      expect(await takeOver(world, "one", { worker: "second" })).toMatchObject({ taken: false, until: clock.in(1) });
      expect(await store.renew(payer, ttlMs)).toBe(true);
      clock.move(ttlMs - 1);
      expect(await takeOver(world, "one", { worker: "second" })).toMatchObject({ taken: false, until: clock.in(1) });
      clock.move(1);
      await takenOver(world, "one", { worker: "second" });
      expect(await store.renew(payer, ttlMs)).toBe(false);
    },
  },

  {
    name: "locks that become free are not taken by renewing, not even late, but by taking the run over again",
    test: async (world) => {
      const { store, clock } = world;
      const { payer, winner } = await overtaken(world);
      await record(world, winner, [settled("succeeded")]);
      for (const beat of [1, ttlMs - 1, ttlMs, 3 * ttlMs]) {
        clock.move(beat);
        expect(await store.renew(payer, ttlMs)).toBe(true);
        await expect(store.claim(payer.run, asId("vm1"), "rescuer")).rejects.toMatchObject({ code: "fenced" });
        expect(await recordOf(store, "one")).toMatchObject({ heldUntil: clock.in(ttlMs) });
      }
      await record(world, await begunRun(world, "three", otherPlan), [settled("succeeded")]);
      expect(await takenOver(world, "one", { gone: "rescuer", worker: "second" })).toMatchObject({ locks: true });
      expect(await beginRun(world, "four", otherPlan)).toMatchObject({ begun: false, by: "one", worker: "second" });
    },
  },

  {
    name: "a new run is not kept waiting by it and does not fence it, whether it lasts or has ended",
    test: async (world) => {
      const { store, clock } = world;
      const { payer, winner } = await overtaken(world);
      await record(world, winner, [settled("succeeded")]);
      for (const [name, wait] of [
        ["three", 0],
        ["four", 2 * ttlMs],
      ] as const) {
        clock.move(wait);
        const before = await recordOf(store, "one");
        const begun = await begunRun(world, name, backupPlan({ backup: { name, kind: "backup" } }));
        expect(await recordOf(store, "one")).toEqual(before);
        await record(world, payer, [{ type: "debt.failed", debt: debt.key, by: "recovery", attempt: 1, error: busy }]);
        await record(world, begun, [settled("failed")]);
      }
      await record(world, payer, [paid(debt.key, 1)]);
      expect(await store.debts()).toEqual([]);
    },
  },

  {
    name: "a settled run takes no locks and stays settled, and its debts can be paid",
    test: async (world) => {
      const { store, clock } = world;
      await settledOwing(world);
      const before = await recordOf(store, "one");
      clock.move(5);
      const { claim, locks } = await takenOver(world, "one", { policy: "debts" });
      expect(locks).toBe(false);
      const held = { ...before, worker: "rescuer", heldUntil: clock.in(ttlMs) };
      expect(await recordOf(store, "one")).toEqual(held);
      await begunRun(world, "two", backupPlan());
      expect(await store.renew(claim, ttlMs)).toBe(true);
      await record(world, claim, [{ ...paid(debt.key, 9), by: "recovery" }]);
      await expect(store.claim(claim.run, asId("vm1"), "rescuer")).rejects.toMatchObject({ code: "fenced" });
      expect(await store.runs({ open: true })).toMatchObject([{ run: "two" }]);
      expect(await recordOf(await world.another(), "one")).toEqual({ ...held, openDebts: 0 });
      await store.letGo(claim);
      expect((await recordOf(store, "one"))?.heldUntil).toBeUndefined();
      expect(await store.renew(claim, ttlMs)).toBe(false);
    },
  },

  {
    name: "a settled run is held by one rescuer at a time",
    test: async (world) => {
      const { clock, store } = world;
      await settledOwing(world);
      const { claim } = await takenOver(world, "one");
      expect(await takeOver(world, "one", { worker: "second" })).toMatchObject({ taken: false, worker: "rescuer" });
      clock.move(ttlMs);
      await takenOver(world, "one", { worker: "second" });
      await expect(record(world, claim, [paid(debt.key, 1)])).rejects.toMatchObject({ code: "fenced" });
      expect(await store.renew(claim, ttlMs)).toBe(false);
    },
  },

  {
    name: "it ends with the run, which may be settled without its locks",
    test: async (world) => {
      const { store } = world;
      const { payer, winner } = await overtaken(world);
      await record(world, payer, [paid(debt.key, 1), settled("failed")]);
      expect(await recordOf(store, "one")).toMatchObject({ status: "failed", openDebts: 0 });
      expect((await recordOf(store, "one"))?.heldUntil).toBeUndefined();
      expect(await store.renew(payer, ttlMs)).toBe(false);
      expect(await store.renew(winner, ttlMs)).toBe(true);
    },
  },

  {
    name: "a dead run that had taken the locks loses them to the older one that is taken over",
    test: async (world) => {
      const { store, clock } = world;
      const { winner } = await overtaken(world);
      clock.move(ttlMs);
      expect(await takenOver(world, "one", { worker: "second" })).toMatchObject({ locks: true });
      await expect(record(world, winner, [settled("succeeded")])).rejects.toMatchObject({ code: "fenced" });
      expect((await recordOf(store, "two"))?.heldUntil).toBeUndefined();
      expect(await takenOver(world, "two", { worker: "third" })).toMatchObject({ locks: false });
    },
  },

  {
    name: "a clock that is set back cuts it too",
    test: async (world) => {
      const { clock } = world;
      await overtaken(world);
      clock.move(-24 * 3_600_000);
      expect(await takeOver(world, "one", { worker: "second" })).toMatchObject({
        taken: false,
        until: clock.in(ttlMs),
      });
      expect((await recordOf(await world.another(), "one"))?.heldUntil).toBe(clock.in(ttlMs));
    },
  },
];

const busy = { code: "conflict", advice: { retry: "never" }, message: "busy" } as const;
