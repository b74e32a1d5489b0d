import { asId, type RunId } from "@quiesce/core";
import { openStore } from "@quiesce/runtime-sqlite";
import { pictureOf, wallClock } from "@quiesce/testkit/store-contract";
import { copyFile, mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { migrations } from "../src/schema/migrations.ts";

const golden = join(import.meta.dirname, "golden");
const versions = migrations.map((_, at) => `store-${at + 1}`);

test("every schema version has its golden file", async () => {
  expect((await readdir(golden)).toSorted()).toEqual(versions.flatMap((name) => [`${name}.db`, `${name}.json`]));
});

test.each(versions)("%s still means what it meant when it was written", async (name) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-golden-"));
  const file = join(folder.path, "store.db");
  await copyFile(join(golden, `${name}.db`), file);
  const clock = wallClock();
  clock.move(20_000); // just after the last event, so that the open run still holds its locks
  const store = await openStore(file, { clock });
  const meant: unknown = JSON.parse(await readFile(join(golden, `${name}.json`), "utf8"));
  const means = { id: store.id, deployments: await store.deployments.list(), ...(await pictureOf(store)) };
  expect(means).toMatchObject(meant as object);
  await store.close();
});

test.each(versions)("a run that was left open in %s can be taken up", async (name) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-golden-"));
  const file = join(folder.path, "store.db");
  await copyFile(join(golden, `${name}.db`), file);
  const clock = wallClock();
  const store = await openStore(file, { clock });
  const claim = await store.claim(asId<RunId>("open"), "run", "rescuer");
  expect(await store.renew(claim, 60_000)).toBe(true);
  const [debt] = await store.debts();
  if (debt === undefined) throw new Error("The golden file should hold a debt.");
  const common = { at: clock.now(), run: claim.run };
  await store.commit(claim, [{ ...common, type: "debt.paid", debt: debt.spec.key, by: "recovery" }]);
  await store.commit(claim, [{ ...common, type: "run.settled", status: "cancelled" }]);
  expect((await store.load(claim.run))?.record).toMatchObject({ status: "cancelled", openDebts: 0 });
  await store.close();
});
