import { describe, expect, test } from "vitest";
import { asId, exitCodeOfProblems, exitCodeOfProvider, exitCodeOfRun, exitCodes, type RunSummary } from "../index.ts";

type Result = Pick<RunSummary, "status" | "frozen" | "held" | "leftovers" | "instances">;

const vm = asId<RunSummary["frozen"][number]>("vm");
const failedBy = (code: "damaged" | "quota-exceeded"): Result => ({
  status: "failed",
  frozen: [],
  held: [],
  leftovers: [],
  instances: [
    { instance: vm, kind: "vm", operation: "backup.restore", mode: "supported", status: "failed", code, artefacts: [] },
  ],
});

test("damage has its own exit code, a full repository is a plain failure", () => {
  expect(exitCodeOfRun(failedBy("damaged"))).toBe(exitCodes.damaged);
  expect(exitCodeOfRun(failedBy("quota-exceeded"))).toBe(exitCodes.failed);
  expect(exitCodeOfProvider({ code: "damaged", advice: { retry: "never" }, message: "" })).toBe(exitCodes.damaged);
});

test("what is still held wins over the failure that left it, and a frozen guest wins over both", () => {
  const held: Result = { ...failedBy("damaged"), held: [vm] };
  expect(exitCodeOfRun(held)).toBe(exitCodes.leftovers);
  expect(exitCodeOfRun({ ...held, status: "cancelled" })).toBe(exitCodes.leftovers);
  expect(exitCodeOfRun({ ...held, frozen: [vm] })).toBe(exitCodes.mayBeFrozen);
});

test.each([
  ["no-room", 1],
  ["protected", 5],
] as const)("problem %s ends with %i", (code, expected) => {
  expect(exitCodeOfProblems([{ code, message: "" }])).toBe(expected);
});

const item = (status: RunSummary["instances"][number]["status"]): RunSummary["instances"][number] => ({
  instance: vm,
  kind: "vm",
  operation: "backup.create",
  mode: "supported",
  status,
  artefacts: [],
});
const leftover = {
  provider: asId<Result["leftovers"][number]["provider"]>("p"),
  kind: "image",
  id: "i",
  name: "n",
  reason: "",
};

describe("T-15: each way in which a run ends has its exit code, and only success has 0", () => {
  const nothing = { frozen: [], held: [], leftovers: [] };
  const ends: readonly (readonly [what: string, result: Result, code: number])[] = [
    ["succeeded", { ...nothing, status: "succeeded", instances: [item("succeeded"), item("skipped")] }, 0],
    ["failed", { ...nothing, status: "failed", instances: [item("failed")] }, 1],
    ["failed, nothing was run", { ...nothing, status: "failed", instances: [item("not-run")] }, 1],
    ["taken back", { ...nothing, status: "failed", instances: [item("undone")] }, 1],
    ["partial", { ...nothing, status: "partial", instances: [item("succeeded"), item("failed")] }, 3],
    ["partial, one is missing", { ...nothing, status: "partial", instances: [item("succeeded"), item("missing")] }, 3],
    ["drifted", { ...nothing, status: "failed", instances: [item("drifted")] }, 3],
    ["degraded", { ...nothing, status: "partial", instances: [item("degraded")] }, 12],
    ["degraded and failed", { ...nothing, status: "partial", instances: [item("degraded"), item("failed")] }, 3],
    ["cancelled", { ...nothing, status: "cancelled", instances: [item("cancelled")] }, 130],
    ["not over", { ...nothing, status: "running", instances: [item("not-run")] }, 1],
    ["with leftovers", { ...nothing, leftovers: [leftover], status: "failed", instances: [item("failed")] }, 13],
    ["with leftovers, though succeeded", { ...nothing, leftovers: [leftover], status: "succeeded", instances: [] }, 13],
    ["held", { ...nothing, held: [vm], status: "partial", instances: [item("succeeded")] }, 13],
    ["frozen", { ...nothing, frozen: [vm], status: "succeeded", instances: [item("succeeded")] }, 20],
    ["frozen and cancelled", { ...nothing, frozen: [vm], status: "cancelled", instances: [item("cancelled")] }, 20],
  ];
  test.each(ends)("%s", (_, result, code) => {
    expect(exitCodeOfRun(result)).toBe(code);
  });
});
