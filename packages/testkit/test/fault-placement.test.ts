import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunSummary } from "@quiesce/core";
import type { Fault } from "../src/index.ts";
import { engineWorld, frozenNow, planOf, type EngineWorld } from "./engine-world.ts";
import { heldPlan } from "./held-plan.ts";

// Wherever a call fails and however: as an error, for a while, with its reply lost, without an answer, too late.

const does: fc.Arbitrary<Fault["does"]> = fc.oneof(
  fc.boolean().map((transient) => ({ what: "fail" as const, transient })),
  fc.constant({ what: "lose-reply" as const }),
  fc.boolean().map((effect) => ({ what: "hang" as const, effect })),
  fc.integer({ min: 1, max: 60_000 }).map((ms) => ({ what: "delay" as const, ms })),
);

const faultOn = (...calls: readonly [string, ...string[]]): fc.Arbitrary<Fault> =>
  fc.record({
    call: fc.constantFrom(...calls),
    target: fc.constantFrom("vm-a", "vm-b", "vm-c"),
    after: fc.nat({ max: 2 }),
    times: fc.integer({ min: 1, max: 3 }),
    does,
  });

/** One fault at most on what a payment needs: payments are tried five times, and must get through. */
const faults = (work: fc.Arbitrary<Fault>, payment: fc.Arbitrary<Fault>): fc.Arbitrary<readonly Fault[]> =>
  fc.tuple(fc.array(work, { maxLength: 4 }), fc.array(payment, { maxLength: 1 })).map((both) => both.flat());

/** Every change of a machine's freeze, behind everybody's back. */
const watchFreezes = ({ cloud }: EngineWorld): readonly string[] => {
  const changes: string[] = [];
  for (const vm of cloud.vms.values()) {
    let now = vm.frozen;
    Object.defineProperty(vm, "frozen", {
      enumerable: true,
      get: () => now,
      set: (next: boolean) => {
        if (next !== now) changes.push(`${vm.name} ${next ? "frozen" : "thawed"}`);
        now = next;
      },
    });
  }
  return changes;
};

const hours = 3_600_000;

const expectBounded = ({ clock }: EngineWorld, summary: RunSummary): void => {
  expect(summary.status).not.toBe("running");
  expect(clock.monotonicMs()).toBeLessThan(2 * hours);
};

const vms = ["a", "b", "c"];

test("T-02: whichever call of a snapshot fails, and however, each freeze is followed by one thaw", async () => {
  let windows = 0;
  await fc.assert(
    fc.asyncProperty(
      faults(faultOn("freeze", "snapshot", "list"), faultOn("thaw", "get")),
      fc.constantFrom("deployment" as const, "instance" as const),
      fc.constantFrom("run" as const, "unit" as const, "note" as const),
      async (struck, scope, quiesce) => {
        const world = engineWorld(vms);
        const changes = watchFreezes(world);
        await world.cloud.faults.set(...struck);
        const { result } = await world.start(planOf(scope, vms, quiesce));
        const summary = await world.clock.until(result);
        expectBounded(world, summary);
        expect(frozenNow(world)).toEqual([]);
        expect(summary.frozen).toEqual([]);
        for (const vm of vms) {
          const ofVm = changes.filter((change) => change.startsWith(`${vm} `));
          expect(ofVm).toEqual(ofVm.length === 0 ? [] : [`${vm} frozen`, `${vm} thawed`]);
          windows += ofVm.length / 2;
        }
        const quiet = new Set([...world.cloud.snapshots.values()].filter(({ frozen }) => frozen).map(({ vm }) => vm));
        const claimed = summary.instances.filter(({ consistency }) => consistency === "fs");
        expect(claimed.filter(({ instance }) => !quiet.has(`vm-${instance}`))).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
  expect(windows).toBeGreaterThan(200);
});

test("T-02: whichever call of a backup fails, and however, what it holds is given back once", async () => {
  const work = faultOn("make-scratch", "begin", "read-job");
  await fc.assert(
    fc.asyncProperty(faults(work, faultOn("look", "end", "drop-scratch")), async (struck) => {
      const world = engineWorld(vms);
      await world.cloud.faults.set(...struck);
      const { result } = await world.start(heldPlan(world, vms));
      const summary = await world.clock.until(result);
      expectBounded(world, summary);
      expect(summary.held).toEqual([]);
      expect([...world.cloud.backups.jobs.keys(), ...world.cloud.backups.scratch.keys()]).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("T-06: a thaw that took effect and did not answer ends the window all the same", async () => {
  const world = engineWorld(["a"]);
  await world.cloud.faults.set(
    { call: "snapshot", does: { what: "delay", ms: 50_000 } },
    { call: "thaw", times: 3, does: { what: "hang", effect: true } },
  );
  const { result } = await world.start(planOf("deployment", ["a"]));
  const summary = await world.clock.until(result);
  expect([...world.cloud.snapshots.values()].map(({ frozen }) => frozen)).toEqual([false]);
  expect(summary.instances.map(({ consistency }) => consistency)).toContain("crash");
  expect(frozenNow(world)).toEqual([]);
});
