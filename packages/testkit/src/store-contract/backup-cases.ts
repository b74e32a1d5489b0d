import { asId, type Artefact, type Manifest, type Plan, type Store } from "@quiesce/core";
import { expect } from "vitest";
import { backupPlan, frozenDebt, planOf, shop, stepOf, targetOf } from "./sample-plan.ts";
import { begunRun, ended, eventOf, failed, intended, paid, record, settled, succeeded } from "./sample-run.ts";
import type { StoreCase, StoreWorld } from "./store-case.ts";

const image: Artefact = { kind: "image", id: "i1", owner: "id-of-vm1", name: "nightly-vm1" };
const debt = frozenDebt(targetOf("vm1"));
const captured1 = succeeded({ artefacts: [image], consistency: "fs", covered: ["id-of-disk1"], saved: { cpus: 2 } });
const captured2 = succeeded({ artefacts: [{ ...image, id: "i2", owner: "id-of-vm2" }] });

const wholeRun = async (world: StoreWorld, run: string, plan: Plan) => {
  const claim = await begunRun(world, run, plan);
  return record(world, claim, [
    { ...intended("freeze/vm1"), debt },
    ended("freeze/vm1", succeeded()),
    intended("backup.create/vm1"),
    ended("backup.create/vm1", captured1),
    ended("backup.create/vm2", captured2),
    paid(debt.key, 1_234),
    ended("thaw/vm1", succeeded()),
    ended("complete/vm1", captured1),
    settled("succeeded"),
  ]);
};

const removalOf = (set: Pick<Manifest, "id" | "name" | "kind">, workflow: Plan["workflow"] = "remove_backup"): Plan =>
  planOf({ workflow, backup: set }, [
    stepOf({
      operation: "backup.remove",
      targets: [targetOf("vm1")],
      covers: [{ ...targetOf("disk1", "volume"), kind: "volume", mode: "by-vm", reason: "inside" }],
    }),
    stepOf({ operation: "backup.remove", targets: [targetOf("vm2")] }),
  ]);

const onlySet = async (store: Store): Promise<Manifest> => {
  const [set, ...others] = await store.catalogue.list({});
  if (set === undefined || others.length > 0) throw new Error(`There should be one set, not ${others.length + 1}.`);
  return set;
};

/** The catalogue as a projection of backup and removal runs. */
export const backupCases: readonly StoreCase[] = [
  {
    name: "a whole backup run becomes one complete set",
    test: async (world) => {
      const events = await wholeRun(world, "one", backupPlan());
      const common = { consistency: "fs", freezeWindowMs: 1_234, status: "ok" };
      expect(await onlySet(await world.another())).toEqual({
        schema: "quiesce.backup/1",
        id: "one",
        name: "nightly",
        kind: "backup",
        deployment: shop,
        run: "one",
        createdAt: events[3]?.at,
        complete: true,
        items: [
          { ...common, instance: "vm1", kind: "vm", providerId: "id-of-vm1", artefacts: [image], saved: { cpus: 2 } },
          {
            ...common,
            instance: "disk1",
            kind: "volume",
            providerId: "id-of-disk1",
            artefacts: [],
            saved: {},
            coveredBy: "vm1",
          },
          {
            instance: "vm2",
            kind: "vm",
            providerId: "id-of-vm2",
            status: "ok",
            consistency: "crash",
            artefacts: [{ ...image, id: "i2", owner: "id-of-vm2" }],
            saved: {},
          },
        ],
      });
    },
  },

  {
    name: "a set appears with its first item, and is incomplete until the run succeeded",
    test: async (world) => {
      const claim = await begunRun(world, "one", backupPlan());
      await record(world, claim, [intended("backup.create/vm1")]);
      expect(await world.store.catalogue.list({})).toEqual([]);
      await record(world, claim, [ended("backup.create/vm1", captured1), ended("backup.create/vm2", failed)]);
      expect(await onlySet(world.store)).toMatchObject({
        complete: false,
        items: [
          { instance: "vm1", status: "captured" },
          { instance: "disk1", status: "captured" },
        ],
      });
      await record(world, claim, [settled("partial")]);
      expect(await onlySet(world.store)).toMatchObject({ complete: false });
    },
  },

  {
    name: "a set is found by name and by id, newest first, and only in its deployment",
    test: async (world) => {
      const { catalogue } = world.store;
      const snapshot = { name: "nightly", kind: "snapshot" } as const;
      await wholeRun(world, "old", backupPlan());
      await wholeRun(world, "new", backupPlan({ backup: snapshot }));
      await wholeRun(world, "foreign", backupPlan({ deployment: asId("foreign") }));
      const runsOf = (sets: readonly Manifest[]) => sets.map(({ run }) => run);
      expect(runsOf(await catalogue.find(shop, "nightly"))).toEqual(["new", "old"]);
      expect(runsOf(await catalogue.find(shop, "old"))).toEqual(["old"]);
      expect(await catalogue.find(shop, "foreign")).toEqual([]);
      expect(await catalogue.find(asId("nobody"), "nightly")).toEqual([]);
      expect(runsOf(await catalogue.list({}))).toEqual(["foreign", "new", "old"]);
      expect(runsOf(await catalogue.list({ deployment: shop }))).toEqual(["new", "old"]);
    },
  },

  {
    name: "of two sets of the same instant the one that was made later is newer",
    test: async (world) => {
      const { store } = world;
      const plans = ["a", "b"].map((name) => backupPlan({ deployment: asId(name), locks: [] }));
      for (const plan of plans) {
        const claim = await begunRun(world, `of ${plan.deployment}`, plan);
        await store.commit(claim, [eventOf(world, claim.run, ended("backup.create/vm2", captured2))]);
      }
      expect((await store.catalogue.list({})).map(({ deployment }) => deployment)).toEqual(["b", "a"]);
    },
  },

  {
    name: "a removal drops each item when its removal is proved, and the set with the last one",
    test: async (world) => {
      await wholeRun(world, "one", backupPlan());
      const claim = await begunRun(world, "remove", removalOf(await onlySet(world.store)));
      await record(world, claim, [intended("backup.remove/vm1"), ended("backup.remove/vm1", failed)]);
      expect((await onlySet(world.store)).items).toHaveLength(3);
      await record(world, claim, [ended("backup.remove/vm1", succeeded())]);
      expect(await onlySet(world.store)).toMatchObject({ items: [{ instance: "vm2" }] });
      await record(world, claim, [ended("backup.remove/vm2", succeeded()), settled("succeeded")]);
      expect(await world.store.catalogue.list({})).toEqual([]);
      await wholeRun(world, "two", backupPlan());
    },
  },

  {
    name: "a restore leaves the catalogue as it is",
    test: async (world) => {
      await wholeRun(world, "one", backupPlan());
      const set = await onlySet(world.store);
      const claim = await begunRun(world, "restore", removalOf(set, "restore"));
      await record(world, claim, [ended("backup.remove/vm1", succeeded()), settled("succeeded")]);
      expect(await onlySet(world.store)).toEqual(set);
    },
  },
];
