import { expect, test } from "vitest";
import { asId, type Instant } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import { grown, named } from "../../test/plan/chain.ts";
import { prunePlan, type PrunePlan } from "./prune-plan.ts";

const at = (name: string, createdAt: string, fields: Partial<Manifest> = {}, parent?: string): Manifest => ({
  ...named(name, grown("db", name, parent)),
  createdAt: asId<Instant>(createdAt),
  ...fields,
});
const namesOf = ({ remove }: PrunePlan): string => remove.map(({ name }) => name).join(" ");
const reasonsOf = ({ verdicts }: PrunePlan, name: string): string =>
  verdicts.find(({ set }) => set.name === name)?.reasons.join("; ") ?? "";
const onDay = (day: string): Manifest => at(`d${day}`, `2026-03-${day}T23:30:00.000Z`);
const [d12, d11, d10, d09] = [onDay("12"), onDay("11"), onDay("10"), onDay("09")];
const older = [d11, d10, d09, onDay("08")];
const days = [d12, ...older];

test("what no rule names goes, and the share says how much that is", () => {
  const pruned = prunePlan(days, { keepLast: 3 });
  expect(namesOf(pruned)).toBe("d09 d08");
  expect(pruned.share).toBe(0.4);
  expect(reasonsOf(pruned, "d10")).toBe("last 3 of 3");
  expect(reasonsOf(pruned, "d09")).toBe("no rule keeps it");
});

test("rules add up, and each says what it keeps", () => {
  const pruned = prunePlan(days, { keepDaily: 2, keepWeekly: 2, keepMonthly: 1, keepYearly: 1, keepHourly: 1 });
  expect(reasonsOf(pruned, "d12")).toBe(
    "the newest that can be restored; hourly 2026-03-12T23h; daily 2026-03-12; weekly week of 2026-03-09; monthly 2026-03; yearly 2026",
  );
  expect(reasonsOf(pruned, "d08")).toBe("weekly week of 2026-03-02");
  expect(namesOf(pruned)).toBe("d10 d09");
});

test("a bucket keeps its newest set", () => {
  const sets = [at("evening", "2026-03-12T20:00:00.000Z"), at("morning", "2026-03-12T06:00:00.000Z")];
  expect(namesOf(prunePlan(sets, { keepDaily: 7 }))).toBe("morning");
});

test("keep-within counts back from the newest set, so that a clock that is ahead removes nothing", () => {
  const policy = { keepWithinMs: 2 * 86_400_000 };
  expect(namesOf(prunePlan(days, policy))).toBe("d09 d08");
  expect(namesOf(prunePlan(days, policy, asId("2036-01-01T00:00:00.000Z")))).toBe("d09 d08");
});

test.each([{}, { keepLast: 0 }, { keepDaily: -1, keepWithinMs: Number.NaN }])(
  "%j is no rule: everything is kept",
  (policy) => {
    const pruned = prunePlan(days, policy);
    expect(pruned.remove).toEqual([]);
    expect(pruned.share).toBe(0);
    expect(reasonsOf(pruned, "d08")).toBe("no rule was given");
  },
);

test("nothing to judge", () => {
  expect(prunePlan([], { keepLast: 1 })).toEqual({ verdicts: [], remove: [], share: 0 });
});

test("what cannot be restored takes no place from what can", () => {
  const checked = {
    at: asId<Instant>("2026-03-13T00:00:00Z"),
    bytes: 1,
    damage: [{ file: "d10/db/vda", reason: "differs" }],
  };
  const pruned = prunePlan([d12, { ...d11, complete: false }, { ...d10, checked }, d09], { keepLast: 2 });
  expect(namesOf(pruned)).toBe("d11 d10");
  expect(reasonsOf(pruned, "d11")).toBe("it cannot be restored: its run did not end well, or works still");
  expect(reasonsOf(pruned, "d10")).toBe("it cannot be restored: it is damaged (d10/db/vda: differs)");
});

test("a run that works still is left alone, and where nothing can be restored, all is", () => {
  const running = prunePlan([{ ...d12, complete: false }, ...older], { keepLast: 1 });
  expect(reasonsOf(running, "d12")).toBe("nothing as new can be restored");
  expect(namesOf(running)).toBe("d10 d09 d08");
  expect(
    namesOf(
      prunePlan(
        days.map((set) => ({ ...set, complete: false })),
        { keepLast: 1 },
      ),
    ),
  ).toBe("");
});

test("a chain is kept whole, and goes whole, increments first", () => {
  const chained = [
    at("d12", "2026-03-12T00:00:00Z"),
    at("d11", "2026-03-11T00:00:00Z", {}, "d10"),
    at("d10", "2026-03-10T00:00:00Z", {}, "d09"),
    at("d09", "2026-03-09T00:00:00Z"),
  ];
  expect(namesOf(prunePlan(chained, { keepLast: 1 }))).toBe("d11 d10 d09");
  const kept = prunePlan(chained, { keepLast: 2 });
  expect(kept.remove).toEqual([]);
  expect(reasonsOf(kept, "d10")).toBe("d11 builds on it");
  expect(reasonsOf(kept, "d09")).toBe("d10 builds on it");
});

test("snapshots and backups are judged apart, and so are deployments", () => {
  const sets: readonly Manifest[] = [d12, { ...d11, kind: "snapshot" }, { ...d10, deployment: asId("other") }];
  expect(prunePlan(sets, { keepLast: 1 }).remove).toEqual([]);
});

test("a protected set is kept", () => {
  const pruned = prunePlan([...days.slice(0, 4), at("old", "2020-01-01T00:00:00Z", { protected: true })], {
    keepLast: 1,
  });
  expect(namesOf(pruned)).toBe("d11 d10 d09");
  expect(reasonsOf(pruned, "old")).toBe("protected");
});

test("T-25: a clock that went back removes nothing by time, and it says so", () => {
  const back = [{ ...d12, createdAt: asId<Instant>("2026-03-11T21:30:00.000Z") }, ...older];
  const pruned = prunePlan(back, { keepLast: 1, keepDaily: 1 });
  expect(pruned.remove).toEqual([]);
  expect(reasonsOf(pruned, "d08")).toBe(
    "the clock went back: d12, the newest, is dated 2026-03-11T21:30:00.000Z, before d11 (2026-03-11T23:30:00.000Z)",
  );
  expect(namesOf(prunePlan(back, { keepLast: 1 }))).toBe("d11 d10 d09 d08");
});

test("T-25: sets of a clock that was ahead remove nothing while now is before them", () => {
  const ahead = [at("ahead", "2036-01-01T00:00:00Z"), ...days];
  expect(namesOf(prunePlan(ahead, { keepDaily: 1 }, asId("2026-03-13T00:00:00Z")))).toBe("");
  expect(namesOf(prunePlan(days, { keepDaily: 1 }, asId("2026-03-13T00:00:00Z")))).toBe("d11 d10 d09 d08");
});

test.each(["yesterday", "", "+012026-01-01T00:00:00Z", "1969-12-31T23:59:59Z"])(
  "%j is no time to judge by",
  (createdAt) => {
    const pruned = prunePlan([...days, at("odd", createdAt)], { keepDaily: 1 });
    expect(pruned.remove).toEqual([]);
    expect(reasonsOf(pruned, "d08")).toContain("which is no time");
  },
);
