import { asId, lockKeysOf, memoryStore, type RunId, type Store } from "@quiesce/core";
import { assert, asyncProperty } from "fast-check";
import { expect } from "vitest";
import { anyCalls } from "./any-calls.ts";
import { caller, planOfRun, runAt, type Caller } from "./caller.ts";
import { pictureOf } from "./picture-of.ts";
import { eventOf, intended, takeOver } from "./sample-run.ts";
import { inPlace, type StorePlace, type WallClock } from "./store-case.ts";

/**
 * Whatever several processes ask, in whatever order, and however the clock jumps: the store answers as the in-memory
 * store does, each run has one writer at most, and no object has two runs that may work on it.
 */
export const agreesOnCalls = (make: () => Promise<StorePlace>, runs: number): Promise<void> =>
  assert(
    asyncProperty(anyCalls, (calls) =>
      inPlace(make, async ({ store, clock, another }) => {
        const model = memoryStore({ clock });
        const [asked, meant] = [caller(store, clock), caller(model, clock)];
        for (const call of calls) {
          if (call.call === "wait") {
            clock.move(call.ms);
            continue;
          }
          const answer = await asked.make(call);
          expect(answer).toEqual(await meant.make(call));
          // Of both: a look after the clock was set back cuts the locks that would last too long.
          if (call.call === "renew" && answer === true)
            for (const one of [store, model]) await expectHeld(one, clock, runAt(call.run));
        }
        expect(await pictureOf(await another())).toEqual(await pictureOf(model));
        await expectNoTwoWorkers(store);
        await expectOneWriter(store, clock, asked);
      }),
    ),
    { numRuns: runs },
  );

/** Who renewed keeps all others away. */
const expectHeld = async (store: Store, clock: WallClock, run: RunId): Promise<void> => {
  expect(await takeOver({ store, clock }, run, { worker: "another" })).toMatchObject({ taken: false });
};

/** Chains can be claimed only of a run that has its locks. */
const expectNoTwoWorkers = async (store: Store): Promise<void> => {
  const held: string[] = [];
  for (const at of [0, 1, 2]) {
    const mayWork = await store.claim(runAt(at), asId("chain"), "w").then(
      () => true,
      () => false,
    );
    if (mayWork) held.push(...lockKeysOf(planOfRun(at)));
  }
  expect(held.length).toBe(new Set(held).size);
};

const expectOneWriter = async (store: Store, clock: WallClock, { claims }: Caller): Promise<void> => {
  for (const [run, given] of claims) {
    const written = await Promise.allSettled(
      given.map((claim) => store.commit(claim, [eventOf({ clock }, run, intended("late"))])),
    );
    // Counted from the newest: an older claim never writes.
    expect(written.slice(1).filter(({ status }) => status === "fulfilled")).toEqual([]);
  }
};
