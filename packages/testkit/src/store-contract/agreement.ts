import { isOwed, memoryStore, reduce } from "@quiesce/core";
import { assert, asyncProperty } from "fast-check";
import { expect } from "vitest";
import { anyBatches, mixedPlan, type Batch } from "./any-events.ts";
import { pictureOf } from "./picture-of.ts";
import { begunRun, runId } from "./sample-run.ts";
import { inPlace, type StorePlace, type StoreWorld } from "./store-case.ts";

const run = runId("any");

const forAnyJournal = (
  make: () => Promise<StorePlace>,
  runs: number,
  test: (world: StoreWorld, batches: readonly Batch[]) => Promise<void>,
): Promise<void> =>
  assert(
    asyncProperty(anyBatches(run), (batches) => inPlace(make, (world) => test(world, batches))),
    { numRuns: runs },
  );

/** A store, also one that is opened later, means what core's fold of the events means. */
export const agreesWithFold = (make: () => Promise<StorePlace>, runs: number): Promise<void> =>
  forAnyJournal(make, runs, async (world, batches) => {
    const claim = await begunRun(world, run, mixedPlan(run));
    await Promise.all(batches.map((batch) => world.store.commit(claim, batch)));
    const later = await world.another();
    const meant = reduce(batches.flat());
    expect(await world.store.state(run)).toEqual(meant);
    expect(await later.state(run)).toEqual(meant);
    for (const [key, state] of meant.steps) expect(await later.step(run, key)).toEqual(state);
    for (const [key, state] of meant.debts) expect(await later.debt(run, key)).toEqual(state);
    const owed = [...meant.debts.values()].filter(isOwed);
    expect(await later.debts()).toEqual(owed.map((debt) => ({ ...debt, run })));
    expect((await later.load(run))?.record.openDebts).toBe(owed.length);
  });

/** Everything that a store tells is what the in-memory store tells after the same commits. */
export const agreesWithMemory = (make: () => Promise<StorePlace>, runs: number): Promise<void> =>
  forAnyJournal(make, runs, async (world, batches) => {
    const model = memoryStore({ clock: world.clock });
    for (const store of [world.store, model]) {
      const claim = await begunRun({ ...world, store }, run, mixedPlan(run));
      for (const batch of batches) await store.commit(claim, batch);
    }
    expect(await pictureOf(await world.another())).toEqual(await pictureOf(model));
  });
