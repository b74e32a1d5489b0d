import type { RunSummary } from "@quiesce/core";
import { expect, test } from "vitest";
import { toyRun } from "../../test/fixture/toy-run.ts";
import { exitCodeOfRecovered, worstOf, type Recovered } from "./recovered.ts";
import type { Unfinished } from "./unfinished.ts";

const { summary: well, index, deployment, state } = await toyRun("backup", { name: "nightly" });
const record = {
  run: well.runId,
  workflow: well.workflow,
  deployment: well.deployment,
  startedAt: "2026-01-01T00:00:00.000Z",
  status: "running",
  worker: "hv1, process 1",
  openDebts: 0,
} as Unfinished["record"];
const dead: Unfinished = { record, index, deployment, state, life: { is: "gone" } };
const living: Unfinished = { ...dead, life: { is: "works", until: "2026-01-01T00:01:00.000Z" } };

const db = well.instances[0]?.instance;
const frozen: RunSummary = { ...well, status: "running", frozen: db === undefined ? [] : [db] };
const ended = (status: RunSummary["status"]): RunSummary => ({ ...well, status });
const withItems = (status: RunSummary["instances"][number]["status"]): RunSummary => ({
  ...well,
  status: "failed",
  instances: well.instances.map((item) => (item.operation.endsWith(".create") ? { ...item, status } : item)),
});
const continued = (
  summary: RunSummary,
  more: { readonly timedOut?: boolean; readonly stoppedBy?: "SIGINT" | "SIGTERM" } = {},
): Recovered => ({ run: dead, summary, did: "continued", timedOut: false, stoppedBy: undefined, ...more });
const takenBack = (summary: RunSummary): Recovered => ({
  run: dead,
  summary,
  did: "taken-back",
  timedOut: false,
  stoppedBy: undefined,
});
const left = (run: Unfinished, exitCode: number, summary = well): Recovered => ({
  run,
  summary,
  did: "left",
  reason: "why",
  exitCode,
});

test.each<readonly [string, Recovered, number]>([
  ["a run that went on to its end", continued(ended("succeeded")), 0],
  ["one that ended partial", continued(ended("partial")), 3],
  ["one that was cancelled before its process died", continued(ended("cancelled")), 130],
  ["one that TERM stopped while it was recovered", continued(ended("cancelled"), { stoppedBy: "SIGTERM" }), 143],
  ["one whose time was up", continued(ended("cancelled"), { timedOut: true }), 11],
  ["a signal that came when all was done", continued(ended("succeeded"), { stoppedBy: "SIGINT" }), 0],
  ["a guest that may be frozen", continued(frozen), 20],
  ["the same, when only the debts were asked for", { run: dead, summary: frozen, did: "debts-paid" }, 20],
  ["the same, when nothing was done", left(dead, 7, frozen), 20],
  ["debts that were paid", { run: dead, summary: ended("running"), did: "debts-paid" }, 0],
  ["all was taken back", takenBack(withItems("undone")), 0],
  ["something could not be taken back", takenBack(withItems("succeeded")), 1],
  ["taking back failed", takenBack({ ...withItems("undone"), error: { code: "unavailable", message: "no" } }), 1],
  ["a living run's own freeze is no alarm", left(living, 0, frozen), 0],
])("exit code: %s", (_what, recovered, expected) => {
  expect(exitCodeOfRecovered(recovered)).toBe(expected);
});

test("the worst of several runs counts; a signal before a success", () => {
  expect(worstOf([0, 1, 13, 20, 3])).toBe(20);
  expect(worstOf([7, 6, 13, 0])).toBe(13);
  expect(worstOf([8, 7, 3])).toBe(3);
  expect(worstOf([0, 143, 0])).toBe(143);
  expect(worstOf([0, 0])).toBe(0);
  expect(worstOf([])).toBe(0);
});
