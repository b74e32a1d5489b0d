import { isOwed, reduce, type Recorded, type Store } from "@quiesce/core";
import { expect } from "vitest";
import { crashRun } from "./crash-plan.ts";

/** Everything that was told is there, every commit is whole, and the rows mean what the events mean. */
export const expectWhole = async (store: Store, committed: readonly string[]): Promise<void> => {
  const events = await store.events(crashRun, 0);
  const stepsWith = (type: Recorded["type"]) =>
    events.flatMap((one) => (one.type === type && "step" in one ? [one.step] : []));
  const kept = new Set<string>(stepsWith("step.intended"));
  expect(committed.filter((step) => !kept.has(step))).toEqual([]);
  expect(stepsWith("step.ticketed")).toEqual([...kept]);
  const meant = reduce(events);
  expect(await store.state(crashRun)).toEqual(meant);
  const owed = [...meant.debts].flatMap(([key, debt]) => (isOwed(debt) ? [key] : []));
  expect((await store.debts()).map(({ spec }) => spec.key)).toEqual(owed);
  expect((await store.load(crashRun))?.record.openDebts).toBe(owed.length);
};
