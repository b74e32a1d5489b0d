import { join } from "node:path";
import { expect, test } from "vitest";
import { toyRun, type ToyRun } from "../../test/fixture/toy-run.ts";
import { byHand } from "./by-hand.ts";
import { failureReport } from "./failure-report.ts";
import { runResult } from "./run-result.ts";
import { isOwed } from "@quiesce/core";

const plain = (_tone: unknown, text: string): string => text;
const golden = (name: string) => join(import.meta.dirname, "golden", name);

const textOf = ({ summary, index, state, sets, deployment }: ToyRun): string => {
  const report = failureReport({
    index,
    state,
    summary,
    set: sets[0],
    byHand: [...state.debts.values()].filter(isOwed).map((debt) => byHand(debt, deployment)),
  });
  return `${[runResult(summary, plain), ...report].join("\n")}\n`;
};

test("the result of a backup", async () => {
  await expect(textOf(await toyRun("backup", { name: "nightly" }))).toMatchFileSnapshot(golden("backup.txt"));
});

test("a failed capture: what failed, on what, why, what is frozen, what exists, what next", async () => {
  const run = await toyRun("backup", { name: "nightly" }, (cloud) =>
    cloud.faults.set({ call: "snapshot", target: "vm-db", times: 9, does: { what: "fail" } }),
  );
  await expect(textOf(run)).toMatchFileSnapshot(golden("backup-fails.txt"));
});

test("a thaw that fails for good raises the alarm with the way to thaw by hand", async () => {
  const run = await toyRun("backup", { name: "nightly" }, (cloud) =>
    cloud.faults.set({ call: "thaw", target: "vm-db", times: 99, does: { what: "fail" } }),
  );
  expect(run.summary.frozen).toEqual(["db"]);
  await expect(textOf(run)).toMatchFileSnapshot(golden("thaw-fails.txt"));
});

test("a run that is well has no failure to report", async () => {
  const { index, state, summary } = await toyRun("suspend", {});
  expect(failureReport({ index, state, summary, set: undefined, byHand: [] })).toEqual([]);
});
