import { expect, test } from "vitest";
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
