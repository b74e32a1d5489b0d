import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { bypassed } from "../capability/declare.ts";
import { codesOf, keysOf, planned, refused, stepOf } from "../../test/plan/planned.ts";
import { hypervisor } from "../../test/plan/matrix.ts";
import { call, deployment, disk, facts, instance, providerIdOf, survey } from "../../test/plan/world.ts";

const kind = "snapshot";
const shop = deployment(instance("db", {}), instance("data", { kind: "volume", attached_to: "db" }));
const attached = [
  survey("db", { disks: [disk("vda", "vm"), disk("vdb", "vm", providerIdOf("data"))] }),
  survey("data", { attachedTo: [providerIdOf("db")] }),
];
const only = (...ids: readonly string[]) => ids.map((id) => asId<never>(id));

test("a by-vm volume is covered by its machine's step, in both halves of the create", () => {
  const body = planned("backup", shop, facts(shop, attached), { kind });
  const covered = [{ instance: "data", kind: "volume", providerId: "id-of-data", mode: "by-vm" }];
  expect(stepOf(body, "snapshot.create/db")).toMatchObject({ does: "capture", covers: covered });
  expect(stepOf(body, "complete/db")).toMatchObject({ does: "complete", of: "snapshot.create/db", covers: covered });
  expect(keysOf(body)).not.toContain("snapshot.create/data");
  expect(body.locks).toEqual(["hv-account/id-of-data", "hv-account/id-of-db"]);
});

test("a by-vm volume is refused when its machine is not in the plan", () => {
  const problems = refused("backup", shop, facts(shop, attached), { kind, include: only("data") });
  expect(codesOf(problems)).toEqual(["unsupported"]);
  expect(problems[0]?.message).toContain("db");
});

test("a by-vm volume that is attached to nothing is refused, whatever the file says", () => {
  const loose = [survey("db"), survey("data", { attachedTo: [] })];
  const problems = refused("backup", shop, facts(shop, loose), { kind });
  expect(problems).toMatchObject([{ code: "unsupported", instance: "data" }]);
  expect(problems[0]?.message).toContain("attached to no machine");
});

test("a by-vm volume is refused when the machine's survey says that it does not take that disk", () => {
  const raw = [survey("db", { disks: [disk("vdb", "nobody", providerIdOf("data"))] }), survey("data")];
  const problems = refused("backup", shop, facts(shop, raw), { kind });
  expect(codesOf(problems)).toEqual(["unsupported", "uncovered"]);
});

test("a by-vm volume that its machine's survey does not show is refused, though its own survey names the machine", () => {
  const unshown = [survey("db"), survey("data", { attachedTo: [providerIdOf("db")] })];
  const problems = refused("backup", shop, facts(shop, unshown), { kind });
  expect(problems).toMatchObject([{ code: "unsupported", instance: "data" }]);
  expect(problems[0]?.message).toContain("no disk of db now");
});

test("allow-skip turns the refusal into an omission", () => {
  const body = planned("backup", shop, facts(shop, [survey("db"), survey("data")]), { kind, allowSkip: true });
  expect(body.omitted).toMatchObject([{ instance: "data", operation: "snapshot.create", why: "allowed" }]);
});

test("a bypassed volume is done by the route that it names", () => {
  const via = { kind: "vm", operation: "backup.create" } as const;
  const matrices = {
    hv: { ...hypervisor, volume: { ...hypervisor.volume, "backup.create": bypassed("0.1.0", via, "a full dump") } },
  };
  const known = facts(shop, attached, { matrices });
  const body = planned("backup", shop, known, { kind: "backup" });
  expect(stepOf(body, "backup.create/db").covers).toMatchObject([
    { instance: "data", mode: "bypassed", reason: "a full dump" },
  ]);
  const problems = refused("backup", shop, known, { kind: "backup", include: only("data") });
  expect(problems[0]?.message).toContain("vm backup.create (a full dump), which is not in this plan");
});

test("a bypassed cell whose route is another operation is refused", () => {
  const via = { kind: "vm", operation: "snapshot.create" } as const;
  const matrices = {
    hv: { ...hypervisor, volume: { ...hypervisor.volume, "backup.create": bypassed("0.1.0", via, "snapshots do") } },
  };
  expect(codesOf(refused("backup", shop, facts(shop, attached, { matrices }), { kind: "backup" }))).toEqual([
    "unsupported",
  ]);
});

test("one object under two instances is worked on once and reported for both", () => {
  const twice = deployment(instance("a", {}), instance("b", {}));
  const same = [survey("a", { providerId: "one" }), survey("b", { providerId: "one" })];
  const body = planned("backup", twice, facts(twice, same));
  expect(keysOf(body)).toEqual(["freeze/a", "backup.create/a", "thaw/a", "complete/a"]);
  for (const key of keysOf(body))
    expect(stepOf(body, key).covers).toMatchObject([
      { instance: "b", providerId: "one", reason: "the same object as a" },
    ]);
  expect(body.locks).toEqual(["hv-account/one"]);
});

test("two instances with the same id at two accounts are two objects", () => {
  const twice = deployment(instance("a", {}), instance("b", {}));
  const same = [survey("a", { providerId: "one" }), survey("b", { providerId: "one", account: asId("other") })];
  expect(planned("backup", twice, facts(twice, same)).locks).toEqual(["hv-account/one", "other/one"]);
});

test("a by-vm volume is refused when a script does its machine: a script cannot prove what is inside", () => {
  const bound = {
    ...shop.instances,
    db: { ...instance("db", {}), bound: { "snapshot.create": [call("dump")] } },
  } as never;
  const problems = refused("backup", { ...shop, instances: bound }, facts(shop, attached), { kind, quiesce: "off" });
  expect(problems).toMatchObject([{ code: "unsupported", instance: "data" }]);
});
