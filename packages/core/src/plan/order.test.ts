import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, planned, refused, shapeOf } from "../../test/plan/planned.ts";
import { deployment, facts, instance, relation, service, suspended } from "../../test/plan/world.ts";

test("dependents are suspended first, dependencies resumed first", () => {
  const shop = deployment(
    instance("db", {}),
    instance("app", { depends_on: ["db"] }),
    instance("web", { depends_on: ["app"] }),
    instance("log", {}),
  );
  const known = facts(shop, [], { suspended: suspended("db", "app", "web", "log") });
  expect(shapeOf(planned("suspend", shop, known))).toEqual([
    "suspend machines 1/3: web[suspend/web]",
    "suspend machines 2/3: app[suspend/app]",
    "suspend machines 3/3: db[suspend/db] log[suspend/log]",
  ]);
  expect(shapeOf(planned("resume", shop, known))).toEqual([
    "resume machines 1/3: db[resume/db] log[resume/log]",
    "resume machines 2/3: app[resume/app]",
    "resume machines 3/3: web[resume/web]",
  ]);
});

test("order passes through instances that take no part", () => {
  const shop = deployment(
    instance("db", {}),
    instance("queue", { kind: "other", depends_on: ["db"] }),
    instance("web", { depends_on: ["queue"] }),
  );
  expect(shapeOf(planned("suspend", shop))).toEqual([
    "suspend machines 1/2: web[suspend/web]",
    "suspend machines 2/2: db[suspend/db]",
  ]);
});

test("order inside a unit is made by links, not by stages", () => {
  const pg = service("pg", "db");
  const pool = { ...service("pool", "db"), relations: [relation("contained_in", "db"), relation("depends_on", "pg")] };
  const shop = deployment(instance("db", {}), pg, pool);
  expect(shapeOf(planned("backup", shop)).filter((stage) => stage.includes("services"))).toEqual([
    "freeze services: db[freeze/pool, freeze/pg]",
    "thaw services: db[thaw/pg, thaw/pool]",
  ]);
});

test("two units that need each other in different instances are no cycle", () => {
  const shop = deployment(
    instance("a", {}),
    instance("b", {}),
    { ...service("a1", "a"), relations: [relation("contained_in", "a"), relation("depends_on", "b2")] },
    service("a2", "a"),
    { ...service("b1", "b"), relations: [relation("contained_in", "b"), relation("depends_on", "a2")] },
    service("b2", "b"),
  );
  expect(shapeOf(planned("backup", shop)).slice(0, 2)).toEqual([
    "freeze services 1/2: a[freeze/a1] b[freeze/b1]",
    "freeze services 2/2: a[freeze/a2] b[freeze/b2]",
  ]);
});

test("a cycle is a problem that names it", () => {
  const shop = deployment(
    instance("a", { depends_on: ["b"] }),
    instance("b", { depends_on: ["c"] }),
    instance("c", { depends_on: ["a"] }),
    instance("d", { depends_on: ["a"] }),
  );
  const problems = refused("suspend", shop);
  expect(codesOf(problems)).toEqual(["cycle"]);
  expect(problems[0]?.message).toContain("a → b → c → a");
});

test("an instance that needs itself is a cycle", () => {
  expect(codesOf(refused("suspend", deployment(instance("a", { depends_on: ["a"] }))))).toEqual(["cycle"]);
});

test("a cycle does not keep a backup from being removed: no order is needed", () => {
  const shop = deployment(instance("a", { depends_on: ["a"] }));
  expect(codesOf(refused("remove_backup", shop))).toEqual(["not-found"]);
});

test("a relation to an unknown instance is a problem", () => {
  const problems = refused("suspend", deployment(instance("web", { depends_on: ["bd"] }), instance("db", {})));
  expect(problems).toMatchObject([{ code: "unknown-instance", instance: "web", hint: "Did you mean db?" }]);
});

test("a chain of 10,000 dependencies overflows no stack", () => {
  const chain = Array.from({ length: 10_000 }, (_, at) =>
    instance(`i${at}`, { depends_on: at === 0 ? [] : [`i${at - 1}`] }),
  );
  const shop = deployment(...chain);
  const { stages } = planned("suspend", shop, facts(shop));
  expect(stages).toHaveLength(10_000);
  expect(stages[0]?.chains[0]?.unit).toBe(asId("i9999"));
});
