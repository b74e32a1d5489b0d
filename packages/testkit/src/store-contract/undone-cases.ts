import { asId, type Artefact, type Leftover, type StepEnd, type Store } from "@quiesce/core";
import { expect } from "vitest";
import { backupPlan, frozenDebt, planOf, shop, stepOf, targetOf } from "./sample-plan.ts";
import { begunRun, ended, intended, paid, record, runId, settled, succeeded, undone } from "./sample-run.ts";
import type { StoreCase } from "./store-case.ts";

const debt = frozenDebt(targetOf("vm1"));
const image = (id: string): Artefact => ({ kind: "image", id, owner: "id-of-vm1", name: "nightly-vm1" });
const captured = (id: string): StepEnd => succeeded({ artefacts: [image(id)], covered: ["id-of-disk1"] });
const inEpoch1 = (step: string, end: StepEnd) => ({ ...ended(step, end), epoch: 1 });

const listed = async (store: Store) =>
  (await store.catalogue.list({})).flatMap(({ items }) =>
    items.map(({ instance, artefacts }) => [instance, ...artefacts.map(({ id }) => id)].join(" ")),
  );

/** Steps that were taken back, and windows that are repeated. */
export const undoneCases: readonly StoreCase[] = [
  {
    name: "what a create made is listed no more, the set goes with its last item, and its name is free",
    test: async (world) => {
      const { store } = world;
      const claim = await begunRun(world, "one", backupPlan());
      await record(world, claim, [
        intended("backup.create/vm1", { attempt: 2 }),
        ended("backup.create/vm1", captured("i1")),
        ended("backup.create/vm2", succeeded()),
        undone("backup.create/vm1"),
      ]);
      expect(await listed(await world.another())).toEqual(["vm2"]);
      const taken = { epoch: 0, attempts: 2, undone: true, end: { as: "succeeded" } };
      expect(await store.step(claim.run, asId("backup.create/vm1"))).toMatchObject(taken);
      await record(world, claim, [undone("backup.create/vm2")]);
      expect(await store.catalogue.list({})).toEqual([]);
      await record(world, claim, [settled("cancelled")]);
      await begunRun(world, "two", backupPlan());
    },
  },

  {
    name: "a thaw after the capture was taken back does not list it again",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      await record(world, claim, [
        { ...intended("freeze/vm1"), debt },
        ended("backup.create/vm1", captured("i1")),
        undone("backup.create/vm1"),
        paid(debt.key, 5_000),
      ]);
      expect(await world.store.catalogue.list({})).toEqual([]);
    },
  },

  {
    name: "what an older epoch ended with, and that it was taken back, changes nothing of a newer one",
    test: async (world) => {
      const { store } = world;
      const claim = await begunRun(world, "one", backupPlan());
      const key = asId<Parameters<Store["step"]>[1]>("backup.create/vm1");
      await record(world, claim, [intended(key), ended(key, captured("old")), undone(key)]);
      await record(world, claim, [intended(key, { epoch: 1 }), inEpoch1(key, captured("new"))]);
      const before = await store.step(claim.run, key);
      expect(before).toMatchObject({ epoch: 1, attempts: 1, end: { as: "succeeded" } });
      await record(world, claim, [undone(key), ended(key, captured("late"))]);
      for (const reader of [store, await world.another()]) {
        expect(await reader.step(claim.run, key)).toEqual(before);
        expect(await listed(reader)).toEqual(["vm1 new", "disk1"]);
      }
    },
  },

  {
    name: "a step that is done again after it was taken back is there again",
    test: async (world) => {
      const { store } = world;
      const claim = await begunRun(world, "one", backupPlan());
      const key = asId<Parameters<Store["step"]>[1]>("backup.create/vm1");
      await record(world, claim, [ended(key, captured("i1")), undone(key), intended(key)]);
      expect(await store.step(claim.run, key)).toEqual({ epoch: 0, attempts: 1, intendedAt: world.clock.now() });
      await record(world, claim, [ended(key, captured("i2"))]);
      expect(await store.step(claim.run, key)).not.toHaveProperty("undone");
      expect(await listed(store)).toEqual(["vm1 i2", "disk1"]);
    },
  },

  {
    name: "a window that is repeated owes its thaw again, as the youngest debt",
    test: async (world) => {
      const { store } = world;
      const second = frozenDebt(targetOf("vm2"));
      const claim = await begunRun(world, "one", backupPlan());
      await record(world, claim, [{ ...intended("freeze/vm1"), debt }]);
      await record(world, claim, [{ ...intended("freeze/vm2"), debt: second }]);
      await record(world, claim, [{ ...paid(debt.key, 5), by: "watchdog" }]);
      expect(await store.debt(claim.run, debt.key)).toMatchObject({ state: "paid", paidBy: "watchdog", heldMs: 5 });
      const [intent] = await record(world, claim, [{ ...intended("freeze/vm1", { epoch: 1 }), debt }]);
      const again = { spec: debt, by: "freeze/vm1", epoch: 1, since: intent?.at, state: "open", failures: 0 };
      const other = await world.another();
      expect(await other.debt(claim.run, debt.key)).toEqual(again);
      expect(await other.debts()).toMatchObject([
        { spec: second, epoch: 0 },
        { ...again, run: "one" },
      ]);
      expect((await other.load(claim.run))?.record.openDebts).toBe(2);
      await record(world, claim, [paid(debt.key, 7), { type: "debt.void", debt: second.key }]);
      expect(await other.debts()).toEqual([]);
      expect(await other.debt(claim.run, debt.key)).toMatchObject({ epoch: 1, state: "paid", heldMs: 7 });
    },
  },

  {
    name: "a debt that is still owed when its window is repeated is of the new window, and as old as it was",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      const [intent] = await record(world, claim, [{ ...intended("freeze/vm1"), debt }]);
      await record(world, claim, [
        { type: "debt.paying", debt: debt.key, by: "watchdog", attempt: 1 },
        { ...intended("freeze/vm1", { epoch: 1 }), debt },
        { ...intended("freeze/vm1"), debt },
      ]);
      const other = await world.another();
      expect(await other.debts()).toMatchObject([{ epoch: 1, since: intent?.at, state: "paying" }]);
      await record(world, claim, [{ ...paid(debt.key, 7), by: "watchdog" }]);
      expect(await other.debt(claim.run, debt.key)).toMatchObject({ epoch: 1, state: "paid", paidBy: "watchdog" });
    },
  },

  {
    name: "a suspend that was taken back leaves nothing to resume",
    test: async (world) => {
      const steps = ["vm1", "vm2"].map((vm) => stepOf({ operation: "suspend", targets: [targetOf(vm)] }));
      const claim = await begunRun(world, "one", planOf({ workflow: "suspend" }, steps));
      const saved = { was: "running" };
      await record(world, claim, [
        ended("suspend/vm1", succeeded({ saved })),
        ended("suspend/vm2", succeeded({ saved })),
        undone("suspend/vm1"),
        settled("cancelled"),
      ]);
      expect(await (await world.another()).suspended(shop)).toEqual({ vm2: saved });
    },
  },

  {
    name: "what a run could not remove is part of its state, until it is settled without it",
    test: async (world) => {
      const left: Leftover = {
        provider: asId("hv1"),
        kind: "image",
        id: "i1",
        name: "nightly-vm1",
        reason: "it is in use",
      };
      const claim = await begunRun(world, "one", backupPlan());
      await record(world, claim, [{ ...settled("failed"), leftovers: [left] }]);
      const other = await world.another();
      expect(await other.state(runId("one"))).toMatchObject({ status: "failed", leftovers: [left] });
      await record(world, claim, [settled("failed")]);
      expect(await other.state(runId("one"))).not.toHaveProperty("leftovers");
    },
  },
];
