import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import type { Restriction } from "../capability/capability.ts";
import { codesOf, keysOf, notesOf, planned, refused, stepOf } from "../../test/plan/planned.ts";
import { item, set } from "../../test/plan/set.ts";
import { call, deployment, disk, facts, instance, providerIdOf, survey } from "../../test/plan/world.ts";

const shop = deployment(instance("db", {}), instance("data", { kind: "volume", attached_to: "db" }));
const lowered: readonly Restriction[] = (["backup.create", "backup.restore"] as const).map((operation) => ({
  cell: { kind: "volume", operation },
  mode: "no-api",
  reason: "it is attached to db.",
}));
const known = (more: readonly Restriction[] = [], by: "vm" | "nobody" = "vm") =>
  facts(shop, [
    survey("db", { disks: [disk("vda", "vm"), disk("vdb", by, providerIdOf("data"))] }),
    survey("data", { attachedTo: [providerIdOf("db")], lowered: more }),
  ]);
const only = (...ids: readonly string[]) => ids.map((id) => asId<never>(id));

test.each([
  ["by itself too", []],
  ["not by itself, because it is attached", lowered],
])("a volume that can be captured %s is taken with its machine, once", (_, more) => {
  const body = planned("backup", shop, known(more));
  expect(keysOf(body)).toEqual(["freeze/db", "backup.create/db", "thaw/db", "complete/db"]);
  expect(stepOf(body, "backup.create/db").covers).toMatchObject([{ instance: "data", mode: "by-vm" }]);
  expect(body.omitted).toEqual([]);
});

test("a volume that its machine does not take is captured by itself", () => {
  expect(keysOf(planned("backup", shop, known([], "nobody")))).toContain("backup.create/data");
});

test("alone and attached it is refused with the reason", () => {
  const problems = refused("backup", shop, known(lowered), { include: only("data") });
  expect(codesOf(problems)).toEqual(["unsupported"]);
  expect(problems[0]?.message).toContain("it is attached to db.");
});

test("alone and detachable it is captured by itself, and its machine is frozen for it", () => {
  expect(keysOf(planned("backup", shop, known(), { include: only("data") }))).toEqual([
    "freeze/db",
    "backup.create/data",
    "thaw/db",
    "complete/data",
  ]);
});

test.each([
  ["skips its own backup", { skip: ["backup.create"] }],
  ["is backed up by a script", { bound: { "backup.create": [call("dump")] } }],
] as const)("a machine that %s takes no volume with it", (_, fields) => {
  const of = { ...shop, instances: { ...shop.instances, db: { ...instance("db", {}), ...fields } } } as never;
  expect(keysOf(planned("backup", of, known(), { quiesce: "off" }))).toContain("backup.create/data");
});

test("a volume with a script of its own is captured by it", () => {
  const data = instance("data", { kind: "volume", bound: { "backup.create": [call("dump")] } });
  const of = { ...shop, instances: { ...shop.instances, data } } as never;
  expect(stepOf(planned("backup", of, known()), "backup.create/data").does).toBe("call");
});

test("an unlisted volume that its machine takes joins as covered, though it could be captured by itself", () => {
  const alone = deployment(instance("db", {}));
  const disks = [disk("vdb", "vm", "pool/extra")];
  const body = planned("backup", alone, facts(alone, [survey("db", { disks })]));
  expect(keysOf(body)).not.toContain("backup.create/db/vdb");
  expect(stepOf(body, "backup.create/db").covers).toMatchObject([{ instance: "db/vdb", mode: "by-vm" }]);
  expect(notesOf(body)).toContain("db/vdb joins");
});

const held = set("backup", item("db"), item("data", { kind: "volume", coveredBy: asId("db"), artefacts: [] }));
const own = set("backup", item("db"), item("data", { kind: "volume" }));

test.each(["restore", "remove_backup"] as const)(
  "in a %s a volume goes with the machine that holds its content",
  (to) => {
    const operation = to === "restore" ? "backup.restore" : "backup.remove";
    const body = planned(to, shop, known(lowered), { from: held });
    expect(keysOf(body)).toEqual([`${operation}/db`]);
    expect(stepOf(body, `${operation}/db`).covers).toMatchObject([{ instance: "data" }]);
    const alone = refused(to, shop, known(lowered), { from: held, include: only("data"), allowMixedTime: true });
    expect(alone).toContainEqual(expect.objectContaining({ code: "unsupported", instance: "data" }));
  },
);

test("a volume with artefacts of its own is restored by itself", () => {
  expect(keysOf(planned("restore", shop, known(), { from: own }))).toEqual([
    "backup.restore/data",
    "backup.restore/db",
  ]);
});

test("what a set holds of a volume is with the machine of then, whatever it is attached to now", () => {
  const two = deployment(instance("db", {}), instance("web", {}), instance("data", { kind: "volume" }));
  const moved = facts(two, [
    survey("web", { disks: [disk("vdb", "vm", providerIdOf("data"))] }),
    survey("data", { attachedTo: [providerIdOf("web")] }),
  ]);
  const from = set("backup", ...held.items, item("web"));
  expect(stepOf(planned("restore", two, moved, { from }), "backup.restore/db").covers).toMatchObject([
    { instance: "data" },
  ]);
  const wrong = { from, include: only("web", "data"), allowMixedTime: true };
  expect(codesOf(refused("restore", two, moved, wrong))).toEqual(["unsupported"]);
});
