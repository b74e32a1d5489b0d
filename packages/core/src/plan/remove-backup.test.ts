import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, planned, refused, shapeOf, stepOf } from "../../test/plan/planned.ts";
import { item, set } from "../../test/plan/set.ts";
import { deployment, facts, instance, survey } from "../../test/plan/world.ts";

const shop = deployment(
  instance("db", {}),
  instance("data", { kind: "volume", attached_to: "db" }),
  instance("web", {}),
);
const snapshot = set("snapshot", item("db"), item("data", { kind: "volume", coveredBy: asId("db"), artefacts: [] }));

test("removes what the set recorded; nothing is frozen", () => {
  const body = planned("remove_backup", shop, facts(shop), { from: snapshot });
  expect(shapeOf(body)).toEqual(["remove: db[snapshot.remove/db]"]);
  expect(stepOf(body, "snapshot.remove/db")).toMatchObject({
    does: "cell",
    risk: "destructive",
    targets: [{ providerId: "id-of-db" }],
    input: { artefacts: [{ id: "artefact-of-db" }], saved: { power: "running" } },
    covers: [{ instance: "data", mode: "by-vm" }],
  });
  expect(body.backup).toEqual({ id: "set-1", name: "nightly", kind: "snapshot" });
});

test("works from the set when the machine is gone and the file knows nothing of it", () => {
  const empty = deployment(instance("other", {}));
  const known = facts(empty, [], { accounts: { hv: "hv-account" } as never, surveys: {} });
  const body = planned("remove_backup", empty, known, { from: snapshot });
  expect(shapeOf(body)).toEqual(["remove: db[snapshot.remove/db]"]);
  expect(body.locks).toEqual(["hv-account/id-of-data", "hv-account/id-of-db"]);
});

test("addresses the recorded id when the file's name leads elsewhere now", () => {
  const known = facts(shop, [survey("db", { providerId: "a-new-machine" })]);
  const body = planned("remove_backup", shop, known, { from: snapshot });
  expect(stepOf(body, "snapshot.remove/db").targets[0].providerId).toBe("id-of-db");
  expect(body.locks).not.toContain("hv-account/a-new-machine");
  expect(Object.keys(body.surveyed)).not.toContain("db");
});

test("artefacts go before those that they stand on, in an item and between items", () => {
  const artefact = (id: string, parent?: string) => ({
    kind: "overlay",
    id,
    owner: "x",
    name: id,
    ...(parent === undefined ? {} : { parent }),
  });
  const from = set(
    "backup",
    item("db", { artefacts: [artefact("base"), artefact("middle", "base"), artefact("top", "middle")] }),
    item("data", { kind: "volume", artefacts: [artefact("after", "top")] }),
  );
  const matrices = facts(shop).matrices as unknown as Record<string, { volume: object }>;
  const hv = {
    ...matrices["hv"],
    volume: { ...matrices["hv"]?.volume, "backup.remove": { mode: "supported", since: "1" } },
  };
  const body = planned("remove_backup", shop, facts(shop, [], { matrices: { hv } as never }), { from });
  expect(shapeOf(body)).toEqual(["remove: db[backup.remove/data, backup.remove/db]"]);
  expect(stepOf(body, "backup.remove/db").input).toMatchObject({
    artefacts: [{ id: "top" }, { id: "middle" }, { id: "base" }],
  });
});

test("a covered item is not removed without its machine's", () => {
  expect(codesOf(refused("remove_backup", shop, facts(shop), { from: snapshot, include: [asId("data")] }))).toEqual([
    "unsupported",
  ]);
});

test("a named instance that the set says nothing of is a problem", () => {
  expect(codesOf(refused("remove_backup", shop, facts(shop), { from: snapshot, include: [asId("web")] }))).toContain(
    "not-found",
  );
});

test("no set, or the set of another deployment, is not found", () => {
  expect(codesOf(refused("remove_backup", shop))).toEqual(["not-found"]);
  const foreign = { ...snapshot, deployment: asId<never>("other") };
  expect(codesOf(refused("remove_backup", shop, facts(shop), { from: foreign }))).toEqual(["not-found"]);
});

test("a provider that is not connected is a problem, not a guess of its account", () => {
  const problems = refused("remove_backup", shop, { ...facts(shop), surveys: {} }, { from: snapshot });
  expect(codesOf(problems)).toEqual(["config-invalid", "config-invalid"]);
});
