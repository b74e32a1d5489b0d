import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, keysOf, notesOf, planned, refused, shapeOf } from "../../test/plan/planned.ts";
import { deployment, facts, instance, providerIdOf, service, survey } from "../../test/plan/world.ts";

const shop = deployment(
  instance("db", {}),
  service("pg", "db"),
  instance("data", { kind: "volume", attached_to: "db" }),
);
const known = facts(shop, [survey("data", { attachedTo: [providerIdOf("db")] })]);
const data = [asId<never>("data")];

test("a volume chosen alone pulls its machine in as freeze-only, and the plan says so", () => {
  const body = planned("backup", shop, known, { include: data });
  expect(shapeOf(body)).toEqual([
    "freeze machines: db[freeze/db]",
    "capture: db[backup.create/data]",
    "thaw machines: db[thaw/db]",
    "complete: db[complete/data]",
  ]);
  expect(notesOf(body)).toContain("db is frozen, but not captured: data is attached to it.");
  expect(notesOf(body)).toContain("pg runs in db, but is not selected: it is not frozen.");
  expect(Object.keys(body.surveyed)).toEqual(["data", "db"]);
});

test("every machine that writes to a shared volume is frozen", () => {
  const shared = deployment(instance("a", {}), instance("b", {}), instance("data", { kind: "volume" }));
  const facts2 = facts(shared, [survey("data", { attachedTo: [providerIdOf("a"), providerIdOf("b")] })]);
  const body = planned("backup", shared, facts2, { include: [asId("data"), asId("a")] });
  expect(keysOf(body)).toContain("freeze/b");
  expect(keysOf(body)).not.toContain("backup.create/b");
});

test("with quiesce off nothing is pulled in", () => {
  expect(keysOf(planned("backup", shop, known, { include: data, quiesce: "off" }))).toEqual([
    "backup.create/data",
    "complete/data",
  ]);
});

test("a machine that the user excluded is not touched: refused, or noted with try", () => {
  const exclude = [asId<never>("db")];
  const problems = refused("backup", shop, known, { exclude });
  expect(codesOf(problems)).toEqual(["consistency-unreachable"]);
  expect(problems[0]?.message).toContain("db is excluded");
  const body = planned("backup", shop, known, { exclude, quiesce: "try" });
  expect(keysOf(body)).not.toContain("freeze/db");
  expect(notesOf(body)).toContain("data will be crash-consistent");
});

test("a machine that the deployment does not list cannot be frozen", () => {
  const alone = deployment(instance("data", { kind: "volume" }));
  const strange = facts(alone, [survey("data", { attachedTo: ["a-stranger"] })]);
  expect(codesOf(refused("backup", alone, strange))).toEqual(["consistency-unreachable"]);
  expect(notesOf(planned("backup", alone, strange, { quiesce: "try" }))).toContain("a-stranger");
});

test("where the provider has no freeze, a stranger is a note", () => {
  const alone = deployment(instance("data", { kind: "volume", provider: asId("cl") }));
  const strange = facts(alone, [survey("data", { account: asId("cl-account"), attachedTo: ["a-stranger"] })]);
  expect(notesOf(planned("backup", alone, strange))).toContain("data will be crash-consistent");
});
