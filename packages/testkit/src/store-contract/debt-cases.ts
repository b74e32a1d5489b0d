import { asId } from "@quiesce/core";
import { expect } from "vitest";
import { backupPlan, frozenDebt, planOf, shop, stepOf, targetOf } from "./sample-plan.ts";
import { begunRun, ended, failed, intended, paid, record, settled, succeeded } from "./sample-run.ts";
import type { StoreCase } from "./store-case.ts";

const debt = frozenDebt(targetOf("vm1"));
const owing = { ...intended("freeze/vm1"), debt } as const;
const conflict = { code: "conflict", advice: { retry: "never" }, message: "busy" } as const;

/** Debts and suspensions: what must be known after the process that made them is dead. */
export const debtCases: readonly StoreCase[] = [
  {
    name: "a debt is open from the intent until it is paid",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      const [intent] = await record(world, claim, [owing]);
      const open = { spec: debt, by: "freeze/vm1", epoch: 0, since: intent?.at, run: "one" };
      const other = await world.another();
      expect(await other.debts()).toEqual([{ ...open, state: "open", failures: 0 }]);
      await record(world, claim, [
        { type: "debt.paying", debt: debt.key, by: "watchdog", attempt: 1 },
        { type: "debt.failed", debt: debt.key, by: "watchdog", attempt: 1, error: conflict },
        { type: "debt.paying", debt: debt.key, by: "watchdog", attempt: 2 },
      ]);
      expect(await other.debts()).toEqual([{ ...open, state: "paying", failures: 1 }]);
      expect((await other.load(claim.run))?.record.openDebts).toBe(1);
      await record(world, claim, [paid(debt.key, 77)]);
      expect(await other.debts()).toEqual([]);
      expect((await other.load(claim.run))?.record.openDebts).toBe(0);
      expect(await other.debt(claim.run, debt.key)).toEqual({
        spec: debt,
        by: "freeze/vm1",
        epoch: 0,
        since: intent?.at,
        state: "paid",
        paidBy: "step",
        failures: 1,
        heldMs: 77,
      });
      expect(await other.debt(claim.run, asId("thaw/nobody"))).toBeUndefined();
    },
  },

  {
    name: "a debt of a settled run stays open, and can be paid by who claims the run",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      await record(world, claim, [owing, ended("freeze/vm1", failed), settled("failed")]);
      const rescuer = await (await world.another()).claim(claim.run, "run", "rescuer");
      expect(await world.store.debts()).toHaveLength(1);
      await record(world, rescuer, [{ type: "debt.void", debt: debt.key }]);
      expect(await world.store.debts()).toEqual([]);
      await expect(record(world, claim, [paid(debt.key, 1)])).rejects.toMatchObject({ code: "fenced" });
    },
  },

  {
    name: "debts of all runs are listed, the oldest run's first",
    test: async (world) => {
      for (const name of ["a", "b"]) {
        const plan = backupPlan({ deployment: asId(name), locks: [] });
        await begunRun(world, name, plan);
      }
      for (const name of ["b", "a"])
        for (const vm of ["vm1", "vm2"]) {
          const claim = await world.store.claim(asId(name), "run", "w");
          await record(world, claim, [{ ...intended(`freeze/${vm}`), debt: frozenDebt(targetOf(vm)) }]);
        }
      expect((await world.store.debts()).map(({ run, by }) => `${run} ${by}`)).toEqual([
        "a freeze/vm1",
        "a freeze/vm2",
        "b freeze/vm1",
        "b freeze/vm2",
      ]);
    },
  },

  {
    name: "what suspend recorded is kept until resume has proved that it is undone",
    test: async (world) => {
      const { store } = world;
      const steps = (operation: "suspend" | "resume") =>
        ["vm1", "__proto__"].map((vm) => stepOf({ operation, targets: [targetOf(vm)] }));
      const suspend = await begunRun(world, "suspend", planOf({ workflow: "suspend" }, steps("suspend")));
      await record(world, suspend, [
        ended("suspend/vm1", succeeded({ saved: { was: "running" } })),
        ended("suspend/__proto__", succeeded({ saved: { was: "paused" } })),
        settled("succeeded"),
      ]);
      const other = await world.another();
      const both = await other.suspended(shop);
      expect(Object.entries(both).toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
        ["__proto__", { was: "paused" }],
        ["vm1", { was: "running" }],
      ]);
      expect(await other.suspended(asId("another"))).toEqual({});
      const resume = await begunRun(world, "resume", planOf({ workflow: "resume" }, steps("resume")));
      await record(world, resume, [ended("resume/vm1", failed)]);
      expect(Object.keys(await store.suspended(shop))).toHaveLength(2);
      await record(world, resume, [ended("resume/vm1", succeeded()), settled("partial")]);
      expect(Object.keys(await store.suspended(shop))).toEqual(["__proto__"]);
    },
  },
];
