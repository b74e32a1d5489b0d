import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, planned, refused, shapeOf, stepOf } from "../../test/plan/planned.ts";
import { call, deployment, facts, instance, service } from "../../test/plan/world.ts";

const shop = deployment(instance("web", { depends_on: ["db"] }), instance("db", {}), service("pg", "db"));

test("all are frozen before the first capture, and completed after the last thaw", () => {
  expect(shapeOf(planned("backup", shop))).toEqual([
    "freeze services: db[freeze/pg]",
    "freeze machines 1/2: web[freeze/web]",
    "freeze machines 2/2: db[freeze/db]",
    "capture: db[backup.create/db] web[backup.create/web]",
    "thaw machines 1/2: db[thaw/db]",
    "thaw machines 2/2: web[thaw/web]",
    "thaw services: db[thaw/pg]",
    "complete: db[complete/db] web[complete/web]",
  ]);
});

test("in instance scope each unit goes through its own window, and no unit waits for another", () => {
  expect(shapeOf(planned("backup", shop, facts(shop), { scope: "instance" }))).toEqual([
    "back up units: db[freeze/pg, freeze/db, backup.create/db, thaw/db, thaw/pg, complete/db] web[freeze/web, backup.create/web, thaw/web, complete/web]",
  ]);
});

test("a failed capture or completion ends its unit only", () => {
  const body = planned("backup", shop);
  expect(["backup.create/db", "complete/db", "thaw/db"].map((key) => stepOf(body, key).onFailure)).toEqual([
    "unit",
    "unit",
    "unit",
  ]);
});

test("a completion reads what its capture saved, and may take longer", () => {
  const body = planned("backup", shop);
  const complete = stepOf(body, "complete/db");
  expect(complete).toMatchObject({
    of: "backup.create/db",
    reads: { captured: "backup.create/db" },
    operation: "backup.create",
  });
  expect(complete.timeoutMs).toBeGreaterThan(stepOf(body, "backup.create/db").timeoutMs);
});

test("a bound create of a service runs with the captures, with every parameter unchanged", () => {
  const dump = instance("dump", { kind: "other", contained_in: "db", bound: { "snapshot.create": [call("pg_dump")] } });
  const of = deployment(instance("db", {}), dump);
  const body = planned("backup", of, facts(of), { kind: "snapshot", parameters: { depth: 3, who: "me" } });
  expect(shapeOf(body)[1]).toBe("capture: db[snapshot.create/db+snapshot.create/dump]");
  expect(stepOf(body, "snapshot.create/dump")).toMatchObject({
    does: "call",
    input: { operation: "snapshot.create", parameters: { depth: 3, who: "me" } },
  });
});

test("the plugin's own options travel beside core's input", () => {
  const extra = { "snapshot.create": { storage: "fast" } };
  const body = planned("backup", shop, facts(shop), { kind: "snapshot", extra, memory: false });
  expect(stepOf(body, "snapshot.create/db").input).toEqual({ memory: false, extra: { storage: "fast" } });
});

test("a backup that would capture nothing is refused", () => {
  expect(codesOf(refused("backup", shop, facts(shop), { include: [asId("pg")] }))).toEqual(["empty-selection"]);
});

test("an unsupported create is refused, and left out with allow-skip", () => {
  const of = deployment(instance("vm", { provider: asId("cl") }), instance("db", {}));
  const wanted = { kind: "snapshot", quiesce: "off" } as const;
  expect(refused("backup", of, facts(of), wanted)).toMatchObject([{ code: "unsupported", instance: "vm" }]);
  expect(planned("backup", of, facts(of), { ...wanted, allowSkip: true }).omitted).toContainEqual(
    expect.objectContaining({ instance: "vm", operation: "snapshot.create", why: "allowed", mode: "no-api" }),
  );
});
