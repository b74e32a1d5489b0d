import fc from "fast-check";
import { expect, test } from "vitest";
import type { Recorded } from "../event/event.ts";
import {
  asId,
  type Account,
  type DebtKey,
  type Digest,
  type Instant,
  type InstanceId,
  type RunId,
  type StepKey,
} from "../model/id.ts";
import { reduce } from "./apply.ts";
import { isOwed } from "./run-state.ts";

const common = { at: asId<Instant>("2026-01-01T00:00:00.000Z"), run: asId<RunId>("r") };
const step = fc.constantFrom(...["a", "b", "c"].map((s) => asId<StepKey>(s)));
const debt = fc.constantFrom(...["d", "e"].map((s) => asId<DebtKey>(s)));
const error = { code: "protocol", advice: { retry: "never" }, message: "x" } as const;
const spec = (key: DebtKey) => ({
  key,
  harm: "frozen" as const,
  target: { instance: asId<InstanceId>("i"), kind: "vm" as const, providerId: "p", properties: {} },
  dueInMs: 1,
  pay: { account: asId<Account>("a"), operation: "thaw" as const, input: {}, timeoutMs: 1 },
});

const event: fc.Arbitrary<Recorded> = fc.oneof(
  fc.constant({ ...common, type: "run.started" as const, plan: asId<Digest>("x") }),
  fc.constantFrom("soft" as const, "hard" as const).map((mode) => ({ ...common, type: "run.cancel" as const, mode })),
  fc.tuple(step, fc.nat(3), fc.nat(2), fc.option(debt, { nil: undefined })).map(([s, attempt, epoch, d]) => ({
    ...common,
    type: "step.intended" as const,
    step: s,
    attempt,
    epoch,
    ...(d === undefined ? {} : { debt: spec(d) }),
  })),
  step.map((s) => ({ ...common, type: "step.ticketed" as const, step: s, ticket: 1 })),
  fc.tuple(step, fc.nat(2)).map(([s, epoch]) => ({
    ...common,
    type: "step.ended" as const,
    step: s,
    epoch,
    end: { as: "failed" as const, error },
    tookMs: 1,
  })),
  fc.tuple(step, fc.nat(2)).map(([s, epoch]) => ({ ...common, type: "step.undone" as const, step: s, epoch })),
  fc.tuple(debt, fc.constantFrom("debt.paying" as const, "debt.paid" as const)).map(([d, type]) => ({
    ...common,
    type,
    debt: d,
    by: "step" as const,
    attempt: 1,
  })),
  debt.map((d) => ({ ...common, type: "debt.failed" as const, debt: d, by: "step" as const, attempt: 1, error })),
  debt.map((d) => ({ ...common, type: "debt.void" as const, debt: d })),
);
const journal = fc.array(event, { maxLength: 40, size: "max" });

/** Each event a second after the other. */
const numbered = (one: Recorded, nth: number): Recorded => ({
  ...one,
  at: asId<Instant>(new Date(Date.UTC(2030, 0, 1) + nth * 1_000).toISOString()),
});

test("reduce is total: every list of events has a state", () => {
  fc.assert(fc.property(journal, (events) => void reduce(events)));
});

test("a debt that was paid or void is owed again by the next intent of its step, and by nothing else", () => {
  const owes = (one: Recorded, key: DebtKey): boolean => one.type === "step.intended" && one.debt?.key === key;
  fc.assert(
    fc.property(journal, event, (before, next) => {
      const { debts } = reduce([...before, next]);
      const done = [...reduce(before).debts].filter(([, was]) => !isOwed(was));
      for (const [key, was] of done) {
        const meant = owes(next, key) ? { spec: spec(key), state: "open", failures: 0 } : was;
        expect(debts.get(key)).toMatchObject(meant);
      }
    }),
  );
});

test("the youngest debt is the last", () => {
  fc.assert(
    fc.property(journal, (events) => {
      const since = [...reduce(events.map(numbered)).debts.values()].map((debt) => debt.since);
      expect(since).toEqual(since.toSorted());
    }),
  );
});

test("what an older epoch came to, or that it was taken back, changes nothing of a newer one", () => {
  fc.assert(
    fc.property(journal, event, (events, late) => {
      if (late.type !== "step.ended" && late.type !== "step.undone") return;
      const before = reduce(events);
      if ((before.steps.get(late.step)?.epoch ?? 0) <= late.epoch) return;
      expect(reduce([...events, late])).toEqual(before);
    }),
  );
});

test("a step counts as taken back until something is done for it again", () => {
  fc.assert(
    fc.property(journal, step, (events, key) => {
      const undone = reduce([...events, { ...common, type: "step.undone", step: key, epoch: 9 }]).steps.get(key);
      expect(undone).toMatchObject({ epoch: 9, undone: true });
      for (const again of [
        { ...common, type: "step.intended", step: key, attempt: 1, epoch: 9 },
        { ...common, type: "step.ticketed", step: key, ticket: 1 },
        { ...common, type: "step.ended", step: key, epoch: 9, end: { as: "failed", error }, tookMs: 1 },
      ] satisfies readonly Recorded[]) {
        const done = reduce([...events, { ...common, type: "step.undone", step: key, epoch: 9 }, again]);
        expect(done.steps.get(key)).not.toHaveProperty("undone");
      }
    }),
  );
});

test("tries are never forgotten within an epoch", () => {
  fc.assert(
    fc.property(journal, (events) => {
      const { steps } = reduce(events);
      for (const [key, { attempts, epoch }] of steps) {
        const most = Math.max(
          0,
          ...events.flatMap((e) =>
            e.type === "step.intended" && e.step === key && e.epoch === epoch ? [e.attempt] : [],
          ),
        );
        expect(attempts).toBeGreaterThanOrEqual(most);
      }
    }),
  );
});

test("a hard cancel is not softened", () => {
  fc.assert(
    fc.property(journal, (events) => {
      const asked = events.flatMap((e) => (e.type === "run.cancel" ? [e.mode] : []));
      expect(reduce(events).cancel).toBe(asked.includes("hard") ? "hard" : asked.includes("soft") ? "soft" : "none");
    }),
  );
});
