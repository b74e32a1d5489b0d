import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, keysOf, notesOf, planned, refused, shapeOf, stepOf } from "../../test/plan/planned.ts";
import { item, set } from "../../test/plan/set.ts";
import { call, deployment, facts, instance, service, survey } from "../../test/plan/world.ts";

const shop = deployment(
  instance("db", { providerId: "db01" }),
  service("pg", "db"),
  instance("data", { kind: "volume", attached_to: "db" }),
  instance("web", { depends_on: ["db"] }),
  instance("lan", { kind: "network" }),
);
const data = item("data", { kind: "volume", coveredBy: asId("db"), artefacts: [] });
const lan = item("lan", { kind: "network" });
const one = set("backup", item("db"), data, lan);
const two = set("backup", item("db"), data, item("web"), lan);
const as = (name = "db-2", connect = false) => ({ as: { name, connect } });
const only = (...ids: readonly string[]) => ids.map((id) => asId<never>(id));
const wanted = { from: one, ...as() };

test("one machine is made beside the original: nothing is stopped, prepared, thawed or overwritten", () => {
  const body = planned("restore", shop, facts(shop), wanted);
  expect(shapeOf(body)).toEqual(["restore: db[backup.restore/db] lan[backup.restore/lan]"]);
  expect(stepOf(body, "backup.restore/db")).toMatchObject({
    does: "cell",
    title: "Restore db (id-of-db) from backup nightly as db-2",
    risk: "safe",
    input: { as: { place: "new", name: "db-2", connect: false } },
    covers: [{ instance: "data", mode: "by-vm" }],
  });
  expect(stepOf(body, "backup.restore/db")).not.toHaveProperty("owes");
  expect(stepOf(body, "backup.restore/lan").does).toBe("compare");
});

test("the plan says whether the new machine's networks are connected", () => {
  expect(notesOf(planned("restore", shop, facts(shop), wanted))).toContain("its networks stay disconnected (--connect");
  expect(notesOf(planned("restore", shop, facts(shop), { from: one, ...as("db-2", true) }))).toContain("are connected");
});

test("times are not mixed and dependents need not restart: the original stays", () => {
  const body = planned("restore", shop, facts(shop), { from: two, ...as(), include: only("db") });
  expect(notesOf(body)).not.toMatch(/mix times|needs db/);
});

test("exactly one machine: two are a problem that names them", () => {
  const problems = refused("restore", shop, facts(shop), { from: two, ...as() });
  expect(codesOf(problems)).toEqual(["config-invalid"]);
  expect(problems[0]?.message).toContain(
    "exactly one machine of a provider with what it covers, but selected are vm db, vm web",
  );
});

test("a volume of its own is not what the machine covers", () => {
  const own = set("backup", item("db"), item("data", { kind: "volume" }));
  expect(refused("restore", shop, facts(shop), { from: own, ...as() })[0]?.message).toContain("volume data");
  const alone = refused("restore", shop, facts(shop), { from: own, ...as(), include: only("data") });
  expect(alone[0]?.message).toContain("selected is volume data");
});

test("a script that restores does not know of another name", () => {
  const bound = deployment(instance("db", { bound: { "backup.restore": [call("load")] } }));
  expect(codesOf(refused("restore", bound, facts(bound), { from: set("backup", item("db")), ...as() }))).toEqual([
    "config-invalid",
  ]);
});

test("a network that would be changed is left as it is, and the plan says so", () => {
  const matrices = facts(shop).matrices as unknown as Record<string, { network: object }>;
  const network = { ...matrices["hv"]?.network, "backup.restore": { mode: "supported", since: "1" } };
  const body = planned(
    "restore",
    shop,
    facts(shop, [], { matrices: { hv: { ...matrices["hv"], network } } as never }),
    wanted,
  );
  expect(keysOf(body)).toEqual(["backup.restore/db"]);
  expect(body.omitted).toContainEqual(expect.objectContaining({ instance: "lan", why: "nothing-to-do" }));
});

test("only a backup leaves its machine", () => {
  const snapshot = { ...one, kind: "snapshot" as const };
  expect(codesOf(refused("restore", shop, facts(shop), { from: snapshot, ...as() }))).toEqual(["unsupported"]);
});

test.each(["db", "db01", "id-of-db", "web", "data", "name-of-web"])("the name %s is taken", (name) => {
  const known = facts(shop, [survey("web", { name: "name-of-web" })]);
  expect(codesOf(refused("restore", shop, known, { from: one, ...as(name) }))).toEqual(["name-taken"]);
});

test.each(["", "..", "a/b", "a\nb"])("a machine cannot be called %j", (name) => {
  expect(codesOf(refused("restore", shop, facts(shop), { from: one, ...as(name) }))).toEqual(["config-invalid"]);
});

test("the original may be gone, or be another machine by now: it is not touched", () => {
  const { db: _db, ...surveys } = facts(shop).surveys as Record<string, ReturnType<typeof survey>>;
  const missing = { db: { instance: "db", is: "missing", reason: "no such domain", ids: [] } };
  const gone = { ...facts(shop), surveys, unsurveyed: missing } as never;
  expect(notesOf(planned("restore", shop, gone, wanted))).not.toContain("is gone");
  planned("restore", shop, facts(shop, [survey("db", { providerId: "a-new-machine" })]), wanted);
});
