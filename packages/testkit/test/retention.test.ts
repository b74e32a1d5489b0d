import {
  closureOf,
  plan,
  prunePlan,
  type BackupId,
  type Instant,
  type Manifest,
  type PrunePlan,
  type RetentionPolicy,
} from "@quiesce/core";
import { asId, defaultOptions } from "@quiesce/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyPolicy, anySets } from "../src/index.ts";

// What must hold is written here a second time, naively and by another way than in core.

const parentsOf = (set: Manifest): readonly BackupId[] => set.items.flatMap(({ parent }) => parent ?? []);
const find = (sets: readonly Manifest[], id: BackupId) => sets.find((set) => set.id === id);

/** Whether one item is whole down to the full one. Parents are older, so that this ends. */
const isWhole = (sets: readonly Manifest[], set: Manifest | undefined, instance: string): boolean => {
  const item = set?.items.find((one) => one.instance === instance);
  if (set === undefined || item?.status !== "ok") return false;
  if (set.checked?.damage.some(({ file }) => item.artefacts.some(({ id }) => id === file)) === true) return false;
  // Damage that no item of its set holds counts for all of its items.
  if (
    set.checked?.damage.some(({ file }) => !set.items.some(({ artefacts }) => artefacts.some(({ id }) => id === file)))
  )
    return false;
  return item.parent === undefined || isWhole(sets, find(sets, item.parent), instance);
};
const isRestorable = (sets: readonly Manifest[], set: Manifest): boolean =>
  set.complete &&
  set.checked === undefined &&
  set.items.length > 0 &&
  set.items.every(({ instance }) => isWhole(sets, set, instance));

const keptBy = ({ verdicts }: PrunePlan): readonly Manifest[] =>
  verdicts.flatMap(({ keep, set }) => (keep ? [set] : []));

const check = (
  law: (sets: readonly Manifest[], pruned: PrunePlan, policy: RetentionPolicy) => boolean,
): string | undefined => {
  const property = fc.property(fc.oneof(anySets(), anySets({ jumps: true })), anyPolicy, (sets, policy) =>
    law(sets, prunePlan(sets, policy), policy),
  );
  const details = fc.check(property, { numRuns: 600 });
  return details.failed ? fc.defaultReportMessage(details) : undefined;
};

describe("T-18: base disks deleted at the retention limit while their increments remained", () => {
  test("everything that a kept set builds on is kept", () => {
    const law = (sets: readonly Manifest[], pruned: PrunePlan): boolean => {
      const kept = new Set(keptBy(pruned).map(({ id }) => id));
      const known = new Set(sets.map(({ id }) => id));
      return keptBy(pruned).every((set) => parentsOf(set).every((id) => kept.has(id) || !known.has(id)));
    };
    expect(check(law)).toBeUndefined();
  });

  test("what could be restored before, and is kept, can be restored afterwards", () => {
    const law = (sets: readonly Manifest[], pruned: PrunePlan): boolean =>
      keptBy(pruned).every((set) => !isRestorable(sets, set) || isRestorable(keptBy(pruned), set));
    expect(check(law)).toBeUndefined();
  });

  test("the newest set that can be restored is kept, of each kind", () => {
    const law = (sets: readonly Manifest[], pruned: PrunePlan): boolean =>
      (["backup", "snapshot"] as const).every((kind) => {
        const newest = sets.find((set) => set.kind === kind && isRestorable(sets, set));
        return newest === undefined || !pruned.remove.includes(newest);
      });
    expect(check(law)).toBeUndefined();
  });

  test("where no set can be restored, none goes", () => {
    const law = (sets: readonly Manifest[], pruned: PrunePlan): boolean =>
      sets.some((set) => isRestorable(sets, set)) || pruned.remove.length === 0;
    expect(check(law)).toBeUndefined();
  });

  test("protected sets are kept", () => {
    expect(check((_, { remove }) => remove.every((set) => set.protected !== true))).toBeUndefined();
  });

  test("each set is judged once, with a reason, and the share is what goes", () => {
    const law = (sets: readonly Manifest[], { verdicts, remove, share }: PrunePlan): boolean => {
      const going = verdicts.filter(({ keep }) => !keep);
      const all =
        verdicts.length === sets.length &&
        verdicts.every(({ set, reasons }, at) => set === sets[at] && reasons.length > 0);
      return all && new Set(remove).size === going.length && share * Math.max(1, sets.length) === remove.length;
    };
    expect(check(law)).toBeUndefined();
  });

  test("at each removal nothing is left that builds on what goes", () => {
    const law = (sets: readonly Manifest[], { remove }: PrunePlan): boolean => {
      const left = new Set(sets);
      return remove.every((set) => {
        left.delete(set);
        return [...left].every((other) => !parentsOf(other).includes(set.id));
      });
    };
    expect(check(law)).toBeUndefined();
  });

  test("the laws speak of something: sets go, chains are kept", () => {
    const samples = fc.sample(fc.tuple(anySets(), anyPolicy), { numRuns: 500, seed: 1 });
    const plans = samples.map(([sets, policy]) => prunePlan(sets, policy));
    const reasons = plans.flatMap(({ verdicts }) => verdicts.flatMap((verdict) => verdict.reasons));
    expect(plans.filter(({ remove }) => remove.length > 0).length).toBeGreaterThan(100);
    for (const part of [
      /builds on it$/,
      /^protected$/,
      /^daily/,
      /^week/,
      /^last/,
      /cannot be restored/,
      /^no rule keeps/,
    ])
      expect(reasons.filter((reason) => part.test(reason)).length).toBeGreaterThan(20);
  });

  test("a removal by hand is refused and names all that builds on the set, in an order that works", () => {
    const shop = { id: asId<Manifest["deployment"]>("shop"), providers: {}, instances: {} };
    const property = fc.property(anySets(), fc.nat(), (sets, at) => {
      const from = sets[at % Math.max(1, sets.length)];
      if (from === undefined) return;
      const facts = {
        matrices: {},
        restrictions: {},
        surveys: {},
        unsurveyed: {},
        limits: {},
        suspended: {},
        runners: [],
        sets,
      };
      const made = plan("remove_backup", shop, facts, { ...defaultOptions, from });
      const problems = made.ok ? [] : made.problems;
      const refusal = problems.find(({ code, instance }) => code === "unsupported" && instance === undefined);
      const closure = closureOf(from, sets);
      const below = (set: Manifest): boolean =>
        set === from || parentsOf(set).some((id) => id === from.id || sets.some((one) => one.id === id && below(one)));
      expect(new Set(closure)).toEqual(new Set(sets.filter(below)));
      expect(closure.at(-1)).toBe(from);
      closure.forEach((set, index) => {
        expect(closure.slice(index + 1).every((later) => !parentsOf(later).includes(set.id))).toBe(true);
      });
      expect(refusal === undefined).toBe(closure.length === 1);
      const others = closure.filter((set) => set !== from).map(({ name }) => name);
      expect(refusal?.hint ?? "").toContain(others.join(", "));
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe("T-25: the clock goes back, or daylight saving begins and ends", () => {
  test("where the newest is dated before an older one, no rule of time removes anything, and it says why", () => {
    const policyOfTime = anyPolicy.filter((policy) =>
      Object.entries(policy).some(([rule, n]) => rule !== "keepLast" && n > 0),
    );
    const wentBack = anySets({ jumps: true }).filter(([newest, ...older]) =>
      older.some((set) => newest !== undefined && set.kind === newest.kind && set.createdAt > newest.createdAt),
    );
    const property = fc.property(wentBack, policyOfTime, (sets, policy) => {
      const { verdicts } = prunePlan(sets, policy);
      const same = verdicts.filter(({ set }) => set.kind === sets[0]?.kind);
      expect(same.every(({ keep }) => keep)).toBe(true);
      const judged = same.some(({ set }) => isRestorable(sets, set));
      expect(same.every(({ reasons }) => reasons.join().includes("the clock went back"))).toBe(judged);
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("counting needs no clock", () => {
    const property = fc.property(anySets({ jumps: true }), fc.integer({ min: 1, max: 5 }), (sets, count) => {
      const still = sets.map((set): Manifest => ({ ...set, createdAt: asId<Instant>("2026-01-01T00:00:00.000Z") }));
      const names = (pruned: PrunePlan) => pruned.remove.map(({ name }) => name);
      return names(prunePlan(sets, { keepLast: count })).join() === names(prunePlan(still, { keepLast: count })).join();
    });
    fc.assert(property, { numRuns: 200 });
  });

  test.each(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])("days have 24 hours in %s", (zone) => {
    const before = process.env["TZ"];
    try {
      // Hourly sets over a whole year: both changes of every zone lie inside.
      const sets = hourly(24 * 366);
      const atHome = prunePlan(sets, { keepDaily: 366, keepHourly: 30 });
      process.env["TZ"] = zone;
      const abroad = prunePlan(sets, { keepDaily: 366, keepHourly: 30 });
      expect(abroad.remove.map(({ id }) => id)).toEqual(atHome.remove.map(({ id }) => id));
      const days = keptBy(abroad).map(({ createdAt }) => createdAt.slice(0, 10));
      expect(new Set(days).size).toBe(366);
      expect(days).toHaveLength(366 + 28);
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });
});

/** One whole set per hour of 2026 on, newest first. */
const hourly = (count: number): readonly Manifest[] =>
  Array.from({ length: count }, (_, at): Manifest => ({
    schema: "quiesce.backup/1",
    id: asId<BackupId>(`s${at}`),
    name: `s${at}`,
    kind: "backup",
    deployment: asId<Manifest["deployment"]>("shop"),
    run: asId<Manifest["run"]>("run"),
    createdAt: asId<Instant>(new Date(Date.UTC(2026, 0, 1, at)).toISOString()),
    complete: true,
    items: [
      {
        instance: asId<Manifest["items"][0]["instance"]>("db"),
        kind: "vm",
        providerId: "x",
        status: "ok",
        consistency: "fs",
        artefacts: [],
        saved: {},
      },
    ],
  })).toReversed();
