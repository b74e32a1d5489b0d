import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, keysOf, notesOf, planned, refused, stepOf } from "../../test/plan/planned.ts";
import { deployment, disk, facts, instance, providerIdOf, survey } from "../../test/plan/world.ts";

const db = deployment(instance("db", {}));
const withDisks = (...disks: readonly ReturnType<typeof disk>[]) => facts(db, [survey("db", { disks })]);

test("a disk that nobody takes is a problem that says how to allow it", () => {
  const problems = refused("backup", db, withDisks(disk("vda", "vm"), disk("vdb", "nobody")));
  expect(codesOf(problems)).toEqual(["uncovered"]);
  expect(problems[0]?.hint).toContain("--allow-uncaptured db:vdb");
});

test("an allowed disk is a note", () => {
  const body = planned("backup", db, withDisks(disk("vdb", "nobody")), { allowUncaptured: ["db:vdb"] });
  expect(notesOf(body)).toContain("Disk vdb of db is not captured, as allowed");
});

test("permission for one disk is no permission for another", () => {
  const known = withDisks(disk("vdb", "nobody"), disk("vdc", "nobody"));
  expect(codesOf(refused("backup", db, known, { allowUncaptured: ["db:vdb", "web:vdc"] }))).toEqual(["uncovered"]);
});

test("a disk is covered by the listed volume behind it", () => {
  const shop = deployment(instance("db", {}), instance("data", { kind: "volume", attached_to: "db" }));
  const known = facts(shop, [survey("db", { disks: [disk("vdb", "nobody", providerIdOf("data"))] })]);
  expect(keysOf(planned("backup", shop, known))).toContain("backup.create/data");
  const problems = refused("backup", shop, known, { include: [asId("db")] });
  expect(codesOf(problems)).toEqual(["uncovered"]);
  expect(problems[0]?.hint).toContain("Select data too");
  expect(codesOf(refused("backup", shop, known, { exclude: [asId("data")] }))).toEqual(["uncovered"]);
});

test("an attached volume that is not listed joins as <machine>/<disk>, and the plan says so", () => {
  const body = planned("backup", db, withDisks(disk("vda", "vm"), disk("vdb", "nobody", "pool/extra")));
  expect(stepOf(body, "backup.create/db/vdb").targets).toEqual([
    { instance: "db/vdb", kind: "volume", providerId: "pool/extra", properties: {} },
  ]);
  expect(notesOf(body)).toContain("db/vdb joins: volume pool/extra is disk vdb of db");
  expect(body.locks).toContain("hv-account/pool/extra");
});

test("an unlisted volume that its machine takes is reported as covered", () => {
  const body = planned("backup", db, withDisks(disk("vdb", "vm", "pool/extra")), { kind: "snapshot" });
  expect(stepOf(body, "snapshot.create/db").covers).toMatchObject([{ instance: "db/vdb", mode: "by-vm" }]);
});

test("an unlisted volume that nothing can take is an uncovered disk", () => {
  const known = withDisks(disk("vdb", "nobody", "pool/extra"));
  expect(codesOf(refused("backup", db, known, { kind: "snapshot" }))).toEqual(["uncovered"]);
});

test("with disks: listed, unlisted volumes are left out and the plan says so", () => {
  const body = planned("backup", db, withDisks(disk("vdb", "nobody", "pool/extra")), { disks: "listed" });
  expect(keysOf(body)).not.toContain("backup.create/db/vdb");
  expect(notesOf(body)).toContain("only listed volumes are wanted");
});

test("with disks: listed, a disk without a volume is still a problem", () => {
  expect(codesOf(refused("backup", db, withDisks(disk("vdb", "nobody")), { disks: "listed" }))).toEqual(["uncovered"]);
});

test("an unlisted volume under two machines joins once", () => {
  const shop = deployment(instance("a", {}), instance("b", {}));
  const shared = disk("vdb", "nobody", "pool/shared");
  const body = planned(
    "backup",
    shop,
    facts(shop, [survey("a", { disks: [shared] }), survey("b", { disks: [shared] })]),
  );
  expect(keysOf(body).filter((key) => key.startsWith("backup.create"))).toEqual([
    "backup.create/a",
    "backup.create/a/vdb",
    "backup.create/b",
  ]);
});

test("a listed volume that was not surveyed does not join a second time", () => {
  const shop = deployment(instance("db", {}), instance("data", { kind: "volume", providerId: "pool/extra" }));
  const known = facts(shop, [survey("db", { disks: [disk("vdb", "nobody", "pool/extra")] })]);
  const { data: _data, ...surveys } = known.surveys as Record<string, ReturnType<typeof survey>>;
  expect(codesOf(refused("backup", shop, { ...known, surveys }, { include: [asId("db")] }))).toEqual(["uncovered"]);
});

test("an implied volume does not take the name of a listed instance", () => {
  const shop = deployment(instance("db", {}), instance("db/vdb", { kind: "network" }));
  const known = facts(shop, [survey("db", { disks: [disk("vdb", "nobody", "pool/extra")] })]);
  expect(keysOf(planned("backup", shop, known))).toEqual(
    expect.arrayContaining(["backup.create/db/vdb", "backup.create/db/vdb+"]),
  );
});
