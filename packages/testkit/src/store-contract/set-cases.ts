import { asId, isQuiesceError, type BackupId } from "@quiesce/core";
import { expect } from "vitest";
import { backupPlan, planOf } from "./sample-plan.ts";
import { begunRun, beginRun, ended, record, settled, succeeded } from "./sample-run.ts";
import { keptSet } from "./sample-set.ts";
import type { StoreCase, StoreWorld } from "./store-case.ts";

const made: BackupId = asId("made");

const withSet = async (world: StoreWorld): Promise<void> => {
  const claim = await begunRun(world, made, backupPlan());
  await record(world, claim, [ended("backup.create/vm2", succeeded()), settled("partial")]);
};

const codeOf = async (call: Promise<unknown>): Promise<string | undefined> => {
  const error = await call.catch((thrown: unknown) => thrown);
  return isQuiesceError(error) ? error.code : undefined;
};

const namesIn = async ({ store }: Pick<StoreWorld, "store">): Promise<readonly string[]> =>
  (await store.catalogue.list({})).map(({ id }) => id);

/** What is noted about sets, and sets that come from a repository. */
export const setCases: readonly StoreCase[] = [
  {
    name: "T-25: of two sets the newer one is the one that was made later, though the clock went back in between",
    test: async (world) => {
      for (const [name, ms] of [
        ["first", 0],
        ["second", -7_200_000],
        ["third", 600_000],
      ] as const) {
        world.clock.move(ms);
        const claim = await begunRun(world, name, backupPlan({ backup: { name, kind: "backup" } }));
        await record(world, claim, [ended("backup.create/vm2", succeeded()), settled("partial")]);
      }
      // One from elsewhere has nothing but its time.
      await world.store.adopt([keptSet("old", { store: "lost" })]);
      expect(await namesIn(world)).toEqual(["third", "second", "first", "old"]);
      expect(await namesIn({ store: await world.another() })).toEqual(["third", "second", "first", "old"]);
    },
  },

  {
    name: "protection and a check are noted, seen by every process, and each stays when the other changes",
    test: async (world) => {
      await withSet(world);
      const checked = { at: world.clock.now(), bytes: 7, damage: [] };
      await world.store.annotate(made, { protected: true });
      await (await world.another()).annotate(made, { checked });
      const { catalogue } = await world.another();
      expect(await catalogue.list({})).toMatchObject([{ id: made, protected: true, checked, items: [{}] }]);
      await world.store.annotate(made, { protected: false, checked: { ...checked, bytes: 8 } });
      const [set] = await catalogue.list({});
      expect(set).not.toHaveProperty("protected");
      expect(set?.checked?.bytes).toBe(8);
    },
  },

  {
    name: "a note outlives what its run still writes",
    test: async (world) => {
      const claim = await begunRun(world, made, backupPlan());
      await record(world, claim, [ended("backup.create/vm2", succeeded())]);
      await world.store.annotate(made, { protected: true });
      await record(world, claim, [ended("backup.create/vm1", succeeded()), settled("succeeded")]);
      expect(await world.store.catalogue.list({})).toMatchObject([
        { protected: true, complete: true, items: [{}, {}] },
      ]);
    },
  },

  {
    name: "a note about a set that is not there is refused",
    test: async ({ store }) => {
      expect(await codeOf(store.annotate(made, { protected: true }))).toBe("not-found");
    },
  },

  {
    name: "an empty store takes the sets of one lost store, and its id",
    test: async (world) => {
      const sets = [
        keptSet("one", { store: "lost", protected: true }),
        keptSet("two", { store: "lost", complete: false }),
      ];
      const adopted = await world.store.adopt(sets);
      expect(adopted).toEqual({ store: "lost", added: ["one", "two"], left: [], refused: [] });
      for (const { id, catalogue } of [world.store, await world.another()]) {
        expect(id).toBe("lost");
        const listed = await catalogue.list({});
        expect(listed.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(sets.map(({ manifest }) => manifest));
      }
    },
  },

  {
    name: "sets of several stores are marked as foreign, and the store keeps its id",
    test: async ({ store }) => {
      const { id } = store;
      await store.adopt([keptSet("one", { store: "a" }), keptSet("two", { store: "b" })]);
      expect(store.id).toBe(id);
      const stores = new Set((await store.catalogue.list({})).map((set) => set.store));
      expect(stores).toEqual(new Set(["a", "b"]));
    },
  },

  {
    name: "a store that has a run keeps its id, and its own sets are not foreign",
    test: async (world) => {
      const { id } = world.store;
      await begunRun(world, "run", planOf({ workflow: "suspend" }));
      await world.store.adopt([keptSet("theirs", { store: "lost" })]);
      await world.store.adopt([keptSet("ours", { store: id })]);
      expect(world.store.id).toBe(id);
      const stores = (await world.store.catalogue.list({})).map(({ id: set, store }) => [set, store]);
      expect(Object.fromEntries(stores)).toEqual({ theirs: "lost", ours: undefined });
    },
  },

  {
    name: "a set that is there is left as it is; a name that another set has is refused and told",
    test: async (world) => {
      await withSet(world);
      const sets = [
        keptSet(made, { store: world.store.id, name: "nightly", complete: true }),
        keptSet("other", { store: world.store.id, name: "nightly" }),
        keptSet("new", { store: world.store.id }),
        keptSet("new", { store: world.store.id }),
        keptSet("twin", { store: world.store.id, name: "new" }),
      ];
      const adopted = await world.store.adopt(sets);
      expect(adopted).toMatchObject({ added: ["new"], left: [made, "new"] });
      expect(adopted.refused.map(({ set, reason }) => [set.id, reason.includes(set.name)])).toEqual([
        ["other", true],
        ["twin", true],
      ]);
      expect((await namesIn(world)).toSorted()).toEqual([made, "new"]);
      expect(await world.store.catalogue.find(asId("shop"), made)).toMatchObject([{ complete: false }]);
    },
  },

  {
    name: "the name of an adopted set is taken",
    test: async (world) => {
      await world.store.adopt([keptSet("one", { store: "lost", name: "nightly" })]);
      expect(await codeOf(beginRun(world, "new", backupPlan()))).toBe("refused");
      expect(await namesIn(world)).toEqual(["one"]);
    },
  },
];
