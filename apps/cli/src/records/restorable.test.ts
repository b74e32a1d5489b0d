import { join } from "node:path";
import { asId, type Damage, type InstanceId, type Manifest, type ManifestItem, type ProviderName } from "@quiesce/core";
import { expect, test } from "vitest";
import { toyRun } from "../../test/fixture/toy-run.ts";
import { setDetails } from "../render/set-details.ts";
import { restorable, type Looks } from "./restorable.ts";

const setOf = async (): Promise<Manifest> => {
  const [set] = (await toyRun("backup", { name: "nightly" })).sets;
  if (set === undefined) throw new Error("The run made no set.");
  return set;
};

const looksAt = (set: Manifest, without: readonly string[] = []): Exclude<Looks, "offline"> => ({
  providers: {
    toy1: {
      artefacts: new Set(
        set.items.flatMap(({ artefacts }) => artefacts.map(({ id }) => id)).filter((id) => !without.includes(id)),
      ),
    },
  },
});

const artefactOf = (set: Manifest, instance: string): string =>
  set.items.find((item) => item.instance === instance)?.artefacts[0]?.id ?? "none";

const withItem = (set: Manifest, instance: string, change: Partial<ManifestItem>): Manifest => ({
  ...set,
  items: set.items.map((item) => (item.instance === instance ? { ...item, ...change } : item)),
});

test("yes: every artefact is there", async () => {
  const set = await setOf();
  expect(restorable(set, looksAt(set))).toMatchObject({
    verdict: "yes",
    reason: "all 2 instance(s) are there, found at the provider",
  });
});

test("yes offline says that nobody looked", async () => {
  expect(restorable(await setOf(), "offline")).toMatchObject({
    verdict: "yes",
    reason: "all 2 instance(s) are there, not re-checked",
  });
});

test("partly: an artefact is gone, and it is named", async () => {
  const set = await setOf();
  const { verdict, reason } = restorable(set, looksAt(set, [artefactOf(set, "db")]));
  expect(verdict).toBe("partly");
  expect(reason).toMatch(/^db is lost: toy-snapshot quiesce-nightly-\w+ is not there any more$/);
});

test("what lies inside a lost artefact is lost too", async () => {
  const set = await setOf();
  const [first] = set.items;
  if (first === undefined) throw new Error("The set is empty.");
  const disk: ManifestItem = {
    ...first,
    instance: asId<InstanceId>("db-disk"),
    kind: "volume",
    artefacts: [],
    coveredBy: asId<InstanceId>("db"),
  };
  const more = { ...set, items: [...set.items, disk] };
  const { items } = restorable(more, looksAt(more, [artefactOf(set, "db")]));
  expect(items.map(({ instance, usable }) => [instance, usable])).toEqual([
    ["db", false],
    ["web", true],
    ["db-disk", false],
  ]);
});

test("partly: the bytes of one were not completed, or its run did not end well", async () => {
  const set = await setOf();
  const half = withItem(set, "web", { status: "captured" });
  expect(restorable(half, looksAt(half)).reason).toBe("web was captured, but its bytes were not completed");
  const cut = { ...set, complete: false };
  expect(restorable(cut, looksAt(cut)).verdict).toBe("partly");
});

test("no: nobody can look, nothing is left, or it is empty", async () => {
  const set = await setOf();
  expect(restorable(set, { providers: { toy1: { failed: "connection refused" } } }).verdict).toBe("no");
  expect(restorable(set, { providers: { toy1: { artefacts: new Set() } } }).verdict).toBe("no");
  expect(restorable({ ...set, items: [] }, "offline")).toMatchObject({ verdict: "no", reason: "the set is empty" });
  const elsewhere = withItem(set, "db", { provider: asId<ProviderName>("other") });
  expect(restorable(elsewhere, looksAt(set)).verdict).toBe("partly");
});

/** The same set as if its bytes had been moved: a disk in the repository, and a point where an increment can start. */
const stored = async (): Promise<Manifest> => {
  const set = await setOf();
  return {
    ...set,
    kind: "backup",
    repository: { id: "r1", location: "/srv/quiesce" },
    items: set.items.map((item) => ({
      ...item,
      base: `point-${item.instance}`,
      notes: ["vda was stored whole: it is new."],
      artefacts: [
        { kind: "disk", id: `shop/nightly/${item.instance}/vda.raw`, owner: item.providerId, name: "vda", sha256: "0" },
        { kind: "checkpoint", id: `point-${item.instance}`, owner: item.providerId, name: "point" },
      ],
    })),
  };
};

const filesOf = (set: Manifest, damage: Readonly<Record<string, string>> = {}): Looks => {
  const files = set.items.flatMap(({ artefacts }) => artefacts.map(({ id }) => id));
  const found = files.map((file): [string, readonly Damage[]] => {
    const reason = damage[file];
    return [file, reason === undefined ? [] : [{ file: "shop/sunday/db/vda.raw", reason }]];
  });
  return { providers: {}, repository: { files: new Map(found) } };
};

test("bytes in a repository are looked at there; a checkpoint that is gone costs nothing", async () => {
  const set = await stored();
  expect(restorable(set, filesOf(set))).toMatchObject({
    verdict: "yes",
    reason: "all 2 instance(s) are there, found in the repository",
  });
});

test("damage of what a file builds on counts for the file", async () => {
  const set = await stored();
  const { verdict, reason } = restorable(set, filesOf(set, { "shop/nightly/db/vda.raw": "It is missing." }));
  expect(verdict).toBe("partly");
  expect(reason).toBe("db is damaged: shop/sunday/db/vda.raw: It is missing.");
  expect(restorable(set, { providers: {}, repository: { failed: "not mounted" } }).verdict).toBe("no");
  expect(restorable(set, { providers: {} }).reason).toContain("nothing is known of its repository");
});

test("a set of bytes as people see it: where it lies, what it builds on, when it was read again", async () => {
  const set: Manifest = {
    ...(await stored()),
    protected: true,
    checked: { at: asId("2026-01-01T12:00:00.000Z"), bytes: 1, damage: [] },
  };
  const facts = {
    set,
    restorable: restorable(set, filesOf(set)),
    capturedAt: [],
    gaps: [],
    chain: ["sunday"],
    nowMs: 0,
  };
  const text = setDetails(facts, (_tone, word) => word);
  expect(text).toMatch(/^repository: \/srv\/quiesce\nbuilds on: sunday\nlast verified: .*, whole\nprotected/m);
  expect(text).toContain("db: vda was stored whole: it is new.");
});

test("a set as people see it", async () => {
  const set = await setOf();
  const text = setDetails(
    {
      set,
      restorable: restorable(set, looksAt(set, [artefactOf(set, "db")])),
      capturedAt: ["2026-01-01T00:00:01.000Z", "2026-01-01T00:00:01.400Z"].map((at) => asId(at)),
      chain: [],
      gaps: ["cache was left out: the toy cloud has no call for it"],
      nowMs: Date.parse("2026-01-02T03:00:00.000Z"),
    },
    (_tone, text) => text,
  );
  // The local time depends on the zone of the machine.
  await expect(`${text.replace(/made .*? \(/, "made TIME (")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "golden", "set.txt"),
  );
});
