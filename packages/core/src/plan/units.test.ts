import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, planned, refused, shapeOf } from "../../test/plan/planned.ts";
import { deployment, disk, facts, instance, providerIdOf, service, survey } from "../../test/plan/world.ts";

const kind = "snapshot";

test("a machine, its services and its volumes are one unit", () => {
  const shop = deployment(
    instance("db", {}),
    service("pg", "db"),
    instance("data", { kind: "volume", attached_to: "db" }),
  );
  const known = facts(shop, [
    survey("db", { disks: [disk("vdb", "vm", providerIdOf("data"))] }),
    survey("data", { attachedTo: [providerIdOf("db")] }),
  ]);
  expect(shapeOf(planned("backup", shop, known, { kind, scope: "instance" }))).toEqual([
    "back up units: db[freeze/pg, freeze/db, snapshot.create/db, thaw/db, thaw/pg, complete/db]",
  ]);
});

test("a volume that two machines hold joins them, also without a relation", () => {
  const shop = deployment(instance("a", {}), instance("b", {}), instance("data", { kind: "volume" }));
  const known = facts(shop, [survey("data", { attachedTo: [providerIdOf("a"), providerIdOf("b")] })]);
  expect(shapeOf(planned("backup", shop, known, { scope: "instance", kind: "backup" }))).toEqual([
    "back up units: a[freeze/a+freeze/b, backup.create/a+backup.create/b+backup.create/data, thaw/a+thaw/b, complete/a+complete/b+complete/data]",
  ]);
});

test("a disk that a machine's survey shows joins its volume", () => {
  const shop = deployment(instance("a", {}), instance("z", { kind: "volume" }));
  const known = facts(shop, [survey("a", { disks: [disk("vda", "vm", providerIdOf("z"))] })]);
  expect(shapeOf(planned("backup", shop, known, { kind, scope: "instance" }))).toEqual([
    "back up units: a[freeze/a, snapshot.create/a, thaw/a, complete/a]",
  ]);
});

test("a unit on two sites is a problem", () => {
  const shop = deployment(
    instance("db", {}),
    instance("data", { kind: "volume", attached_to: "db", provider: asId("cl") }),
  );
  const providers = {
    ...shop.providers,
    [asId<never>("cl")]: { plugin: "cloud", site: asId<never>("west"), config: {} },
  };
  const problems = refused("backup", { ...shop, providers }, facts(shop), { quiesce: "off" });
  expect(codesOf(problems)).toEqual(["unit-spans-sites"]);
  expect(problems[0]?.message).toContain("site east");
});

test("instances that only depend on each other are two units", () => {
  const shop = deployment(instance("a", { depends_on: ["b"] }), instance("b", {}));
  const [stage] = planned("backup", shop, facts(shop), { scope: "instance" }).stages;
  expect(stage?.chains.map(({ unit }) => unit)).toEqual(["a", "b"]);
});
