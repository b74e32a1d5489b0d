import { exitCodeOfRun, indexPlan, reduce, statusOf, summarize, type StepEnd } from "@quiesce/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyBatches } from "../src/store-contract/any-events.ts";
import { backupPlan } from "../src/store-contract/sample-plan.ts";
import { ended, runId, succeeded } from "../src/store-contract/sample-run.ts";

const run = runId("r1");
const index = indexPlan(backupPlan());
const keys = [...index.steps.keys()];

const isWell = (end: StepEnd | undefined): boolean => end?.as === "succeeded";
const well = succeeded({ covered: ["id-of-disk1"], consistency: "fs" });

/** A whole run, then anything: most journals by chance alone end badly. */
const whole = keys.map((key) => ({ at: "2030-01-01T00:00:00.000Z", run, ...ended(key, well) }) as never);
const anyJournal = fc
  .tuple(fc.boolean(), fc.nat({ max: 4 }), anyBatches(run))
  .map(([isWhole, more, batches]) => (isWhole ? [...whole, ...batches.flat().slice(0, more)] : batches.flat()))
  // No step of this plan compares.
  .map((events) => events.filter((event) => event.type !== "step.ended" || event.end.as !== "compared"));

test("T-13: a run of which one part did not end well is no success, whatever happened in whatever order", () => {
  const seen = { succeeded: 0, not: 0 };
  fc.assert(
    fc.property(anyJournal, (events) => {
      const state = reduce(events);
      const status = statusOf(index, state);
      const unwell = keys.filter((key) => !isWell(state.steps.get(key)?.end));
      const owed = [...state.debts.values()].some((debt) => debt.state === "open" || debt.state === "paying");
      const summary = { ...summarize(index, run, state), status };
      expect(status === "succeeded" && (unwell.length > 0 || owed)).toBe(false);
      expect(exitCodeOfRun(summary) === 0 && (unwell.length > 0 || owed)).toBe(false);
      // And the rows that a user reads agree with the status that a script reads.
      const bad = summary.instances.filter((item) => item.status !== "succeeded" && item.status !== "skipped");
      expect(status === "succeeded").toBe(bad.length === 0 && !owed);
      seen[status === "succeeded" ? "succeeded" : "not"] += 1;
    }),
    { numRuns: 500 },
  );
  expect(Math.min(seen.succeeded, seen.not)).toBeGreaterThan(5);
});

test("T-13: the status of a whole run is settled by its last part, not by its first", () => {
  for (const key of keys) {
    const rest = keys.filter((other) => other !== key).map((other) => ended(other, well));
    const state = reduce(rest.map((body) => ({ at: "2030-01-01T00:00:00.000Z", run, ...body }) as never));
    expect(statusOf(index, state), key).not.toBe("succeeded");
  }
});
