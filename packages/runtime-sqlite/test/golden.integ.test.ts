import { asId, isOwed, type Recorded, type RunId } from "@quiesce/core";
import { openStore } from "@quiesce/runtime-sqlite";
import { pictureOf, wallClock, type WallClock } from "@quiesce/testkit/store-contract";
import { copyFile, mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { migrations } from "../src/schema/migrations.ts";

const golden = join(import.meta.dirname, "golden");
type OpenStore = Awaited<ReturnType<typeof openStore>>;

const versions = migrations.map((_, at) => `store-${at + 1}`);

test("every schema version has its golden file", async () => {
  expect((await readdir(golden)).toSorted()).toEqual(versions.flatMap((name) => [`${name}.db`, `${name}.json`]));
});

interface Meant {
  readonly journals: readonly (readonly Recorded[])[];
}

const meantBy = async (name: string): Promise<Meant> =>
  JSON.parse(await readFile(join(golden, `${name}.json`), "utf8")) as Meant;

/** A copy of the golden file, at the time of its last event. */
const opened = async (
  name: string,
  folder: string,
): Promise<{ readonly store: OpenStore; readonly clock: WallClock }> => {
  const file = join(folder, "store.db");
  await copyFile(join(golden, `${name}.db`), file);
  const clock = wallClock();
  const { journals } = await meantBy(name);
  const last = Math.max(...journals.flat().map(({ at }) => Date.parse(at)));
  clock.move(last - Date.parse(clock.now()));
  return { store: await openStore(file, { clock }), clock };
};

test.each(versions)("%s still means what it meant when it was written", async (name) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-golden-"));
  const { store } = await opened(name, folder.path);
  const means = { id: store.id, deployments: await store.deployments.list(), ...(await pictureOf(store)) };
  expect(means).toMatchObject(await meantBy(name));
  await store.close();
});

test.each(versions)("the debts that %s lists are those of its runs' states", async (name) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-golden-"));
  const { store } = await opened(name, folder.path);
  const owed = [];
  for (const { run } of (await store.runs({})).toReversed())
    for (const debt of (await store.state(run)).debts.values()) if (isOwed(debt)) owed.push({ ...debt, run });
  expect(owed.length).toBeGreaterThan(0);
  expect(await store.debts()).toEqual(owed);
  await store.close();
});

test.each(versions)("a run that was left open in %s can be taken over and brought to its end", async (name) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-golden-"));
  const { store, clock } = await opened(name, folder.path);
  const run = asId<RunId>("open");
  const worker = (await store.load(run))?.record.worker ?? "";
  const asked = { run, worker: "rescuer", ttlMs: 60_000, at: clock.now(), policy: "continue" } as const;
  expect(await store.takeOver(asked)).toMatchObject({ taken: false, worker });
  const taken = await store.takeOver({ ...asked, gone: worker });
  if (!taken.taken) throw new Error("Its worker is gone.");
  expect(taken.locks).toBe(true);
  const { claim } = taken;
  expect(await store.renew(claim, 60_000)).toBe(true);
  const common = { at: clock.now(), run };
  for (const debt of await store.debts())
    if (debt.run === run)
      await store.commit(claim, [{ ...common, type: "debt.paid", debt: debt.spec.key, by: "recovery" }]);
  await store.commit(claim, [{ ...common, type: "run.settled", status: "cancelled" }]);
  expect((await store.load(run))?.record).toMatchObject({ status: "cancelled", openDebts: 0 });
  await store.close();
});
