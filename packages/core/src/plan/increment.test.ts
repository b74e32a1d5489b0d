import { expect, test } from "vitest";
import { asId, type Instant } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Facts } from "./facts.ts";
import type { Survey } from "../plugin/survey.ts";
import { chain, grown, named, place } from "../../test/plan/chain.ts";
import { notesOf, planned, stepOf } from "../../test/plan/planned.ts";
import { item, set } from "../../test/plan/set.ts";
import { deployment, facts, instance, survey } from "../../test/plan/world.ts";

const shop = deployment(instance("db", {}));
const bases = ["base-of-s2", "base-of-s1", "base-of-s0"];
const known = (sets: readonly Manifest[], fields: Partial<Survey> = { bases }, more: Partial<Facts> = {}) =>
  facts(shop, [survey("db", fields)], { sets, repository: place, ...more });
const backup = (world: Facts, of = shop) => planned("backup", of, world, { incremental: true, name: "today" });
const inputOf = (world: Facts) => stepOf(backup(world), "backup.create/db").input;
const why = (world: Facts): string => {
  const { parent, why: reason } = inputOf(world);
  expect(parent).toBe("full");
  if (typeof reason !== "string") throw new Error("no reason");
  expect(notesOf(backup(world))).toContain(`db: full, because ${reason}.`);
  return reason;
};

test("an increment is a difference to the newest set, by its base and its artefacts", () => {
  const body = backup(known(chain(2, "db")));
  expect(stepOf(body, "backup.create/db")).toMatchObject({
    title: "Take incremental backup today of db (id-of-db), since s2",
    input: { parent: { backup: "s2", base: "base-of-s2", artefacts: [{ id: "s2/db/vda" }] } },
  });
  expect(stepOf(body, "complete/db").input).toEqual(stepOf(body, "backup.create/db").input);
  expect(notesOf(body)).toBe("");
});

test("who does not ask for increments gets a full one, without a reason and without a note", () => {
  const body = planned("backup", shop, known(chain(2, "db")));
  expect(stepOf(body, "backup.create/db").input).toEqual({ parent: "full" });
  expect(body.notes).toEqual([]);
});

test("the newest is the first that the catalogue lists, whatever its clock said", () => {
  const jumped = chain(2, "db").map((one, at): Manifest => ({
    ...one,
    createdAt: asId<Instant>(`200${at}-01-01T00:00:00Z`),
  }));
  expect(inputOf(known(jumped))).toMatchObject({ parent: { backup: "s2" } });
});

test("the provider's own reason comes first", () => {
  expect(why(known(chain(0, "db"), { bases, noIncrement: "its bitmap is broken after a crash." }))).toBe(
    "its bitmap is broken after a crash",
  );
});

test.each<readonly [string, readonly Manifest[]]>([
  ["there is none", []],
  ["it is a snapshot", [{ ...set("snapshot", grown("db", "s0")), id: asId("s0") }]],
  ["it is of another deployment", [{ ...named("s0", grown("db", "s0")), deployment: asId("other") }]],
  ["its bytes never arrived", [named("s0", grown("db", "s0", undefined, { status: "captured" }))]],
  ["its run did not end well", [{ ...named("s0", grown("db", "s0")), complete: false }]],
  ["it has no base", [named("s0", item("db"))]],
  ["it is of another provider", [named("s0", grown("db", "s0", undefined, { provider: asId("cl") }))]],
])("no set can be built upon: %s", (_, sets) => {
  expect(why(known(sets))).toBe("there is no complete backup of it that an increment can build on");
});

test("a set that is no parent is passed over for an older one that is", () => {
  const [newest, ...older] = chain(2, "db");
  if (newest === undefined) throw new Error("no set");
  expect(inputOf(known([{ ...newest, complete: false }, ...older]))).toMatchObject({ parent: { backup: "s1" } });
});

test("another object under the same name starts with a full one", () => {
  expect(why(known([named("s0", grown("db", "s0", undefined, { providerId: "its-predecessor" }))]))).toContain(
    "s0 was taken of another object (its-predecessor)",
  );
});

test("a set of another repository is no parent, nor one without a repository", () => {
  const repository = { id: "repo-2", location: "/mnt/new" };
  expect(why(known(chain(0, "db"), { bases }, { repository }))).toContain("another repository (/srv/backups)");
  const { repository: _repository, ...nowhere } = named("s0", grown("db", "s0"));
  expect(why(known([nowhere]))).toContain("s0 lies in no repository");
});

test("what changed is tracked by the provider: a base that is gone is told", () => {
  expect(why(known(chain(2, "db"), { bases: ["base-of-s1"] }))).toContain("base-of-s2 is gone");
  expect(why(known(chain(2, "db"), {}))).toContain("base-of-s2 is gone");
});

test("a chain ends after 14 increments", () => {
  const ends = (increments: number) => known(chain(increments, "db"), { bases: [`base-of-s${increments}`] });
  expect(inputOf(ends(13))).toMatchObject({ parent: { backup: "s13" } });
  expect(why(ends(14))).toBe("s14 ends a chain of 14 increments");
});

test("a chain with a hole or with damage is not made longer", () => {
  const [newest, middle, oldest] = chain(2, "db");
  if (newest === undefined || middle === undefined || oldest === undefined) throw new Error("no sets");
  expect(why(known([newest, oldest]))).toBe("set s1, on which it builds, is missing");
  const damaged = (file: string): Manifest => ({
    ...oldest,
    checked: { at: asId("2026-01-03T00:00:00Z"), bytes: 1, damage: [{ file, reason: "block 7 differs" }] },
  });
  expect(why(known([newest, middle, damaged("s0/db/vda")]))).toBe(
    "backup s0, on which it builds, is damaged (s0/db/vda: block 7 differs)",
  );
});

test("damage of another instance's file does not matter", () => {
  const two = deployment(instance("db", {}), instance("web", {}));
  const checked = {
    at: asId<Instant>("2026-01-03T00:00:00Z"),
    bytes: 1,
    damage: [{ file: "s0/web/vda", reason: "gone" }],
  };
  const sets = chain(0, "db", "web").map((one): Manifest => ({ ...one, checked }));
  const both = ["db", "web"].map((id) => survey(id, { bases }));
  const body = planned("backup", two, facts(two, both, { sets, repository: place }), { incremental: true });
  expect(stepOf(body, "backup.create/db").input).toMatchObject({ parent: { backup: "s0" } });
  expect(stepOf(body, "backup.create/web").input).toMatchObject({ parent: "full" });
});

test("sets that build on each other in a circle are no chain", () => {
  const circle = [named("s1", grown("db", "s1", "s0")), named("s0", grown("db", "s0", "s1"))];
  expect(why(known(circle))).toContain("builds on itself");
});

test("a network is stored whole, without a word", () => {
  const net = deployment(instance("lan", { kind: "network" }));
  const body = planned("backup", net, facts(net, [], { sets: [], repository: place }), { incremental: true });
  expect(stepOf(body, "backup.create/lan").input).toEqual({ parent: "full" });
  expect(body.notes).toEqual([]);
});
