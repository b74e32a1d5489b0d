import { asId, isQuiesceError, type BackupId, type DeploymentId, type Manifest } from "@quiesce/core";
import { expect, test } from "vitest";
import { toyRun } from "../../test/fixture/toy-run.ts";
import { checkNameIsFree, chooseSet } from "./choose-set.ts";

const shop = asId<DeploymentId>("shop");

const catalogueOf = (...sets: readonly Manifest[]) => ({
  find: async (_deployment: DeploymentId, nameOrId: string) =>
    sets.filter(({ name, id }) => name === nameOrId || id === nameOrId),
  list: async () => sets,
});

const setsOf = async () => {
  const [snapshot] = (await toyRun("backup", { name: "nightly" })).sets;
  if (snapshot === undefined) throw new Error("The run made no set.");
  const backup: Manifest = { ...snapshot, kind: "backup", id: asId<BackupId>("other-id") };
  return { snapshot, backup };
};

const refusal = async (promise: Promise<unknown>) => {
  const thrown = await promise.then(() => undefined).catch((error: unknown) => error);
  return isQuiesceError(thrown) ? `${thrown.code}: ${thrown.message} ${thrown.hint}` : thrown;
};

test("one set of the name is it; two kinds are refused, both listed, until one is said", async () => {
  const { snapshot, backup } = await setsOf();
  expect(await chooseSet(catalogueOf(snapshot), shop, "nightly", undefined)).toBe(snapshot);
  const both = catalogueOf(snapshot, backup);
  expect(await refusal(chooseSet(both, shop, "nightly", undefined))).toMatch(
    /^not-found: shop has 2 sets "nightly": nightly \(snapshot, .*\), nightly \(backup, .*id other-id\)\. .*--kind/,
  );
  expect(await chooseSet(both, shop, "nightly", "backup")).toBe(backup);
  expect(await chooseSet(both, shop, "other-id", undefined)).toBe(backup);
});

test("a missing set names what exists and what was probably meant", async () => {
  const { snapshot } = await setsOf();
  expect(await refusal(chooseSet(catalogueOf(snapshot), shop, "nigthly", undefined))).toBe(
    'not-found: shop has no set "nigthly". It has nightly (snapshot). Did you mean nightly?',
  );
  expect(await refusal(chooseSet(catalogueOf(), shop, "it's", undefined))).toContain("it has no sets at all");
});

test("a name is taken only by a set of its own kind", async () => {
  const { snapshot } = await setsOf();
  const catalogue = catalogueOf(snapshot);
  expect(await refusal(checkNameIsFree(catalogue, shop, "nightly", "snapshot"))).toMatch(
    /already has a snapshot "nightly"/,
  );
  expect(await refusal(checkNameIsFree(catalogue, shop, "nightly", "backup"))).toBeUndefined();
  // An id is no name: a new set may be called so.
  expect(await refusal(checkNameIsFree(catalogue, shop, snapshot.id, "snapshot"))).toBeUndefined();
});
