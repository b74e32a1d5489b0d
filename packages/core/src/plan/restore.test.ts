import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { defaultOptions } from "./options.ts";
import { planTree } from "../plan-text/plan-tree.ts";
import { grown, named, place } from "../../test/plan/chain.ts";
import { codesOf, keysOf, notesOf, planned, refused, shapeOf, stepOf } from "../../test/plan/planned.ts";
import { item, set } from "../../test/plan/set.ts";
import { call, deployment, disk, facts, instance, providerIdOf, service, survey } from "../../test/plan/world.ts";

const shop = deployment(
  instance("db", {}),
  service("pg", "db"),
  instance("data", { kind: "volume", attached_to: "db" }),
  instance("web", { depends_on: ["db"] }),
  instance("lan", { kind: "network" }),
);
const attached = facts(shop, [
  survey("db", { disks: [disk("vda", "vm"), disk("vdb", "vm", providerIdOf("data"))] }),
  survey("data", { attachedTo: [providerIdOf("db")] }),
]);
const data = item("data", { kind: "volume", coveredBy: asId("db"), artefacts: [] });
const lan = item("lan", { kind: "network", consistency: "crash" });
const snapshot = set("snapshot", item("db"), data, item("web", { consistency: "crash" }), lan);
const only = (...ids: readonly string[]) => ids.map((id) => asId<never>(id));

test("prepares services, restores, thaws what was captured frozen, finalizes services", () => {
  const body = planned("restore", shop, attached, { from: snapshot });
  expect(shapeOf(body)).toEqual([
    "prepare services: db[freeze/pg]",
    "restore: db[snapshot.restore/db] lan[snapshot.restore/lan] web[snapshot.restore/web]",
    "thaw check: db[thaw/db]",
    "finalize services: db[thaw/pg]",
  ]);
  expect(keysOf(body)).not.toContain("freeze/db");
});

test("a restore addresses what the set recorded and says what it overwrites", () => {
  expect(stepOf(planned("restore", shop, attached, { from: snapshot }), "snapshot.restore/db")).toMatchObject({
    does: "cell",
    risk: "destructive",
    targets: [{ providerId: "id-of-db" }],
    input: { from: [{ id: "artefact-of-db" }], saved: { power: "running" }, as: { place: "in-place" } },
    covers: [{ instance: "data", mode: "by-vm" }],
    owes: { key: "frozen:snapshot.restore/db", dueInMs: 30_000, pay: { operation: "thaw", input: { setClock: true } } },
  });
});

test("the bytes of a backup have as long to go back as to come, a snapshot does not", () => {
  const timeoutMs = { ...defaultOptions.timeoutMs, restore: 1000, complete: 5000 };
  const of = (kind: "snapshot" | "backup") =>
    planned("restore", shop, attached, { from: set(kind, item("db"), data), timeoutMs, allowMixedTime: true });
  expect(stepOf(of("snapshot"), "snapshot.restore/db").timeoutMs).toBe(1000);
  expect(stepOf(of("backup"), "backup.restore/db").timeoutMs).toBe(5000);
});

test("the thaw of a restored guest has no freeze to read from", () => {
  expect(stepOf(planned("restore", shop, attached, { from: snapshot }), "thaw/db")).toMatchObject({
    does: "pay",
    debt: "frozen:snapshot.restore/db",
    reads: {},
    input: { setClock: true },
  });
});

test("a guest that was not captured frozen owes no thaw", () => {
  const body = planned("restore", shop, attached, { from: snapshot });
  expect(stepOf(body, "snapshot.restore/web")).not.toHaveProperty("owes");
});

test("whatever it calls its consistency, a guest that was captured in a freeze window owes a thaw", () => {
  const from = set("snapshot", item("web", { consistency: "memory", freezeWindowMs: 900 }));
  const body = planned("restore", shop, attached, { from, include: only("web") });
  expect(keysOf(body)).toEqual(["snapshot.restore/web", "thaw/web"]);
});

test("an agent that does not answer now says nothing about the guest that comes back", () => {
  const mute = survey("web", {
    lowered: [{ cell: { kind: "vm", operation: "thaw" }, mode: "no-api", reason: "no agent" }],
  });
  const from = set("snapshot", item("web"));
  const body = planned("restore", shop, facts(shop, [mute]), { from, include: only("web") });
  expect(keysOf(body)).toContain("thaw/web");
});

test("where nothing can thaw, the plan says so", () => {
  const cloudy = deployment(instance("vm", { provider: asId("cl") }));
  const from = set("snapshot", item("vm", { provider: asId("cl") }));
  const body = planned("restore", cloudy, facts(cloudy), { from });
  expect(keysOf(body)).toEqual(["snapshot.restore/vm"]);
  expect(notesOf(body)).toContain("nothing here can thaw it");
});

test("a by-compare cell compares and changes nothing", () => {
  expect(stepOf(planned("restore", shop, attached, { from: snapshot }), "snapshot.restore/lan")).toMatchObject({
    does: "compare",
    risk: "safe",
    onFailure: "note",
  });
});

test("the preparation of a service holds until its content is back", () => {
  const body = planned("restore", shop, attached, { from: snapshot });
  const freeze = stepOf(body, "freeze/pg");
  const restore = stepOf(body, "snapshot.restore/db");
  expect(freeze.does === "call" && freeze.owes?.dueInMs).toBeGreaterThan(restore.timeoutMs * restore.retry.attempts);
});

test("a machine with a binding is prepared and finalized by it, and thawed once", () => {
  const bound = deployment(instance("vm", { bound: { freeze: [call("stop")], thaw: [call("start")] } }));
  const body = planned("restore", bound, facts(bound), { from: set("snapshot", item("vm")) });
  expect(keysOf(body)).toEqual(["freeze/vm", "snapshot.restore/vm", "thaw/vm"]);
  expect(stepOf(body, "snapshot.restore/vm")).not.toHaveProperty("owes");
});

test("a service whose unit is not restored is left alone", () => {
  const body = planned("restore", shop, attached, { from: set("snapshot", item("web")) });
  expect(keysOf(body)).toEqual(["snapshot.restore/web", "thaw/web"]);
});

test("volumes come back before the machine that holds them", () => {
  const from = set("backup", item("db"), item("data", { kind: "volume" }));
  expect(shapeOf(planned("restore", shop, attached, { from }))[1]).toBe(
    "restore: db[backup.restore/data, backup.restore/db]",
  );
});

test("a by-vm volume is refused when its machine is not restored", () => {
  const problems = refused("restore", shop, attached, { from: snapshot, include: only("data") });
  expect(codesOf(problems)).toContain("unsupported");
});

test("a part of a unit needs permission to go back alone", () => {
  const from = set("backup", item("db"), item("data", { kind: "volume" }));
  const problems = refused("restore", shop, attached, { from, include: only("data") });
  expect(codesOf(problems)).toEqual(["needs-permission"]);
  expect(problems[0]?.message).toContain("db stays as now");
  const body = planned("restore", shop, attached, { from, include: only("data"), allowMixedTime: true });
  expect(notesOf(body)).toContain("would mix times: db stays");
});

test("a volume that joined the machine after the backup mixes times too", () => {
  const from = set("backup", item("db"));
  expect(codesOf(refused("restore", shop, facts(shop), { from }))).toEqual(["needs-permission"]);
});

test("a volume whose content its machine takes mixes nothing", () => {
  const body = planned("restore", shop, attached, { from: set("snapshot", item("db")) });
  expect(notesOf(body)).not.toContain("mix times");
});

test("a volume that the set holds apart stays as now when only its machine goes back, whatever is taken today", () => {
  const from = set("backup", item("db"), item("data", { kind: "volume" }));
  const problems = refused("restore", shop, attached, { from, include: only("db") });
  expect(codesOf(problems)).toEqual(["needs-permission"]);
  expect(problems[0]?.message).toContain("data stays as now");
});

test("dependents that are not restored are named", () => {
  const body = planned("restore", shop, attached, { from: set("snapshot", item("db"), data) });
  expect(notesOf(body)).toContain("web needs db and is not restored");
});

test("items that the file does not list any more are restored", () => {
  const known = facts(shop, [], { accounts: { hv: "hv-account" } as never });
  const body = planned("restore", shop, known, { from: set("snapshot", item("forgotten")) });
  expect(keysOf(body)).toEqual(["snapshot.restore/forgotten", "thaw/forgotten"]);
  expect(body.locks).toEqual(["hv-account/id-of-forgotten"]);
});

test("another object under the same name is never overwritten", () => {
  const known = facts(shop, [survey("web", { providerId: "a-new-machine" })]);
  const problems = refused("restore", shop, known, { from: set("snapshot", item("web")) });
  expect(codesOf(problems)).toEqual(["not-found"]);
  expect(problems[0]?.message).toContain("a-new-machine");
});

test("a snapshot is gone with its machine, a backup is not", () => {
  const { web: _web, ...surveys } = attached.surveys as Record<string, ReturnType<typeof survey>>;
  const unsurveyed = { web: { instance: "web", is: "missing", reason: "no such domain", ids: [] } };
  const known = { ...attached, surveys, unsurveyed } as never;
  expect(codesOf(refused("restore", shop, known, { from: set("snapshot", item("web")) }))).toEqual(["not-found"]);
  expect(notesOf(planned("restore", shop, known, { from: set("backup", item("web")) }))).toContain("is gone");
});

test.each(["failed", "captured"] as const)("an item that is %s is not restored", (status) => {
  const from = set("snapshot", item("web", { status }), item("db"), data);
  expect(codesOf(refused("restore", shop, attached, { from }))).toEqual(["unsupported"]);
  const body = planned("restore", shop, attached, { from, allowSkip: true });
  expect(body.omitted).toContainEqual(
    expect.objectContaining({ instance: "web", operation: "snapshot.restore", why: "allowed" }),
  );
});

test("an instance that the set says nothing of is told, and refused when it was named", () => {
  const from = set("snapshot", item("web"));
  const body = planned("restore", shop, attached, { from });
  expect(body.omitted).toContainEqual(expect.objectContaining({ instance: "db", why: "nothing-to-do" }));
  expect(codesOf(refused("restore", shop, attached, { from, include: only("db") }))).toContain("not-found");
});

test("an incomplete set is said to be one", () => {
  const from = { ...set("snapshot", item("web")), complete: false };
  expect(notesOf(planned("restore", shop, attached, { from }))).toContain("is not complete");
});

test("restoring without a set is not found", () => {
  expect(codesOf(refused("restore", shop))).toEqual(["not-found"]);
});

test("a backup holds disks, whose guest boots fresh: no thaw is owed, unless memory was kept", () => {
  const of = (consistency: "fs" | "memory") => set("backup", item("web", { consistency, freezeWindowMs: 900 }));
  expect(keysOf(planned("restore", shop, attached, { from: of("fs") }))).toEqual(["backup.restore/web"]);
  expect(keysOf(planned("restore", shop, attached, { from: of("memory") }))).toContain("thaw/web");
});

test("a restore in place says what it can be taken back by", () => {
  const recovery = { is: "old-disks", detail: "kept as vda.before" } as const;
  const known = facts(shop, [
    survey("web", { recovery: { "backup.restore": recovery } }),
    survey("db", { recovery: { "snapshot.restore": { is: "none", reason: "the disks are overwritten" } } }),
  ]);
  const body = planned("restore", shop, known, { from: set("backup", item("web")) });
  expect(stepOf(body, "backup.restore/web").recovery).toEqual(recovery);
  expect(planTree(body)).toContain("recovery point: old disks (kept as vda.before)\n");
  const snapshotted = planned("restore", shop, known, { from: set("snapshot", item("db"), data) });
  expect(planTree(snapshotted)).toContain("recovery point: none (the disks are overwritten)\n");
  const beside = planned("restore", shop, known, {
    from: set("backup", item("web")),
    as: { name: "x", connect: false },
  });
  expect(stepOf(beside, "backup.restore/web")).not.toHaveProperty("recovery");
});

test("an increment without the sets that it builds on is not restored", () => {
  const from = named("s1", grown("web", "s1", "s0"), grown("db", "s1"));
  const known = facts(shop, [], { sets: [from], repository: place });
  const problems = refused("restore", shop, known, { from, allowMixedTime: true });
  expect(problems).toMatchObject([{ code: "damaged", instance: "web" }]);
  expect(problems[0]?.message).toContain("set s0, on which it builds, is missing");
  const body = planned("restore", shop, known, { from, allowMixedTime: true, allowSkip: true });
  expect(keysOf(body)).toEqual(["freeze/pg", "backup.restore/db", "thaw/pg"]);
  expect(body.omitted).toContainEqual(expect.objectContaining({ instance: "web", why: "allowed" }));
});
