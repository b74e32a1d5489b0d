import { join } from "node:path";
import { asId, type InstanceId, type Manifest, type ManifestItem, type ProviderName } from "@quiesce/core";
import { expect, test } from "vitest";
import { toyRun } from "../../test/fixture/toy-run.ts";
import { setDetails } from "../render/set-details.ts";
import { restorable, type Looks } from "./restorable.ts";

const setOf = async (): Promise<Manifest> => {
  const [set] = (await toyRun("backup", { name: "nightly" })).sets;
  if (set === undefined) throw new Error("The run made no set.");
  return set;
};

const looksAt = (set: Manifest, without: readonly string[] = []): Looks => ({
  toy1: {
    artefacts: new Set(
      set.items.flatMap(({ artefacts }) => artefacts.map(({ id }) => id)).filter((id) => !without.includes(id)),
    ),
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
  expect(restorable(set, { toy1: { failed: "connection refused" } }).verdict).toBe("no");
  expect(restorable(set, { toy1: { artefacts: new Set() } }).verdict).toBe("no");
  expect(restorable({ ...set, items: [] }, "offline")).toMatchObject({ verdict: "no", reason: "the set is empty" });
  const elsewhere = withItem(set, "db", { provider: asId<ProviderName>("other") });
  expect(restorable(elsewhere, looksAt(set)).verdict).toBe("partly");
});

test("a set as people see it", async () => {
  const set = await setOf();
  const text = setDetails(
    {
      set,
      restorable: restorable(set, looksAt(set, [artefactOf(set, "db")])),
      capturedAt: ["2026-01-01T00:00:01.000Z", "2026-01-01T00:00:01.400Z"].map((at) => asId(at)),
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
