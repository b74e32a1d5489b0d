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
const journal = fc.array(event, { maxLength: 40 });

test("reduce is total: every list of events has a state", () => {
  fc.assert(fc.property(journal, (events) => void reduce(events)));
});

test("a paid debt stays paid until its step is begun again", () => {
  const noIntents = journal.map((events) => events.filter(({ type }) => type !== "step.intended"));
  fc.assert(
    fc.property(journal, noIntents, (before, after) => {
      const paid = [...reduce(before).debts].filter(([, { state }]) => state === "paid").map(([key]) => key);
      const { debts } = reduce([...before, ...after]);
      expect(paid.every((key) => debts.get(key)?.state === "paid")).toBe(true);
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
