import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asId, type DeploymentId, type RunId } from "@quiesce/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describe, ownershipOf, type Ownership } from "./ownership.ts";
import { newSnapshotXml, readSnapshot } from "./snapshot.ts";

// As libvirt 9.0 gave them, with passwords.
const golden = (name: string): string => readFileSync(join(import.meta.dirname, "golden", name), "utf8");

test("a snapshot of a running machine: what is inside, where it lay, and whose it is", () => {
  const snapshot = readSnapshot(golden("snapshot-running.xml"));
  expect(snapshot).toMatchObject({ name: "quiesce-set-0a1b2c3d", state: "running", memory: true });
  expect(snapshot.inside.map(({ name }) => name)).toEqual(["vda", "vdb"]);
  expect(snapshot.domain?.disks.map(({ name }) => name)).toEqual(["vda", "vdb", "vdd"]);
  expect(ownershipOf(snapshot.description)).toEqual({
    tag: { store: "s-1", deployment: "shop", run: "r-1" },
    domain: snapshot.domain?.uuid,
    consistency: "fs",
  });
});

test("a snapshot that a person made of a machine that was off is nobody's of us", () => {
  const snapshot = readSnapshot(golden("snapshot-by-hand.xml"));
  expect(snapshot).toMatchObject({ name: "by-hand", state: "shutoff", memory: false, description: "" });
  expect(ownershipOf(snapshot.description)).toBeUndefined();
});

const word = fc.string({ unit: "grapheme", minLength: 1 });
const ownership: fc.Arbitrary<Ownership> = fc.record({
  tag: fc.record({ store: word, deployment: word.map(asId<DeploymentId>), run: word.map(asId<RunId>) }),
  domain: fc.uuid(),
  consistency: fc.constantFrom("app", "fs", "memory", "paused", "offline", "crash"),
});

test("an ownership survives the way through XML, whatever its names hold", () => {
  fc.assert(
    fc.property(ownership, fc.constantFrom("nightly", `a "quoted" & <odd> name`), (owned, set) => {
      const description = describe(owned, set);
      const xml = newSnapshotXml({ name: "n", description, memory: true, disks: ["vda"], leftOut: [] });
      expect(ownershipOf(readSnapshot(xml).description)).toEqual(owned);
    }),
  );
});

test.each([
  "",
  "quiesce: ",
  "quiesce: 7",
  "quiesce: null",
  'quiesce: {"store":"s"}',
  'quiesce: {"store":"s","deployment":"d","run":"r","domain":"u","consistency":"perfect"}',
  'quiesce: {"store":1,"deployment":"d","run":"r","domain":"u","consistency":"fs"}',
  ' quiesce: {"store":"s","deployment":"d","run":"r","domain":"u","consistency":"fs"}',
])("a description that only looks like ours is not: %s", (description) => {
  expect(ownershipOf(description)).toBeUndefined();
});

test("two marks in one description are none", () => {
  const mark = 'quiesce: {"store":"s","deployment":"d","run":"r","domain":"u","consistency":"fs"}';
  expect(ownershipOf(mark)).toBeDefined();
  expect(ownershipOf(`${mark}\n${mark}`)).toBeUndefined();
});

test("the XML of a new snapshot names every disk, and says that an active machine's memory goes along", () => {
  const base = { name: "n", description: "d", disks: ["vda", "vdb"], leftOut: ["vdc"] };
  expect(newSnapshotXml({ ...base, memory: true })).toBe(
    "<domainsnapshot><name>n</name><description>d</description><memory snapshot='internal'/><disks>" +
      "<disk name='vda' snapshot='internal'/><disk name='vdb' snapshot='internal'/><disk name='vdc' snapshot='no'/></disks></domainsnapshot>",
  );
  expect(newSnapshotXml({ ...base, memory: false })).toContain("<memory snapshot='no'/>");
});
