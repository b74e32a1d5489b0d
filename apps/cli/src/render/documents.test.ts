import { expect, test } from "vitest";
import { toyRun } from "../../test/fixture/toy-run.ts";
import { faults } from "../../test/fixture/valid.ts";
import { eventDocument } from "../reporters/ndjson.ts";
import { runDocument } from "./run-document.ts";

const runs = [
  ["a backup", () => toyRun("backup", { name: "nightly" })],
  ["units by themselves", () => toyRun("backup", { name: "nightly", scope: "instance" })],
  ["a suspend", () => toyRun("suspend", {})],
  [
    "a failed capture",
    () =>
      toyRun("backup", { name: "n" }, (cloud) =>
        cloud.faults.set({ call: "snapshot", target: "vm-db", times: 9, does: { what: "fail" } }),
      ),
  ],
  [
    "a lost reply and retries",
    () =>
      toyRun("backup", { name: "n" }, (cloud) =>
        cloud.faults.set(
          { call: "snapshot", does: { what: "fail", transient: true } },
          { call: "thaw", does: { what: "lose-reply" } },
        ),
      ),
  ],
  [
    "a thaw that fails",
    () =>
      toyRun("backup", { name: "n" }, (cloud) =>
        cloud.faults.set({ call: "thaw", target: "vm-db", times: 99, does: { what: "fail" } }),
      ),
  ],
] as const;

test.each(runs)("what is published of %s is as its schemas say", async (_name, make) => {
  const { summary, plan, events } = await make();
  expect(faults("run-1", JSON.parse(JSON.stringify(runDocument(summary))))).toEqual([]);
  expect(faults("plan-1", JSON.parse(JSON.stringify(plan)))).toEqual([]);
  for (const event of events) expect(faults("event-1", JSON.parse(JSON.stringify(eventDocument(event))))).toEqual([]);
});

test("the check finds a field that is not published, and one that is missing", async () => {
  const { summary } = await toyRun("suspend", {});
  expect(faults("run-1", { ...runDocument(summary), more: 1 })).not.toEqual([]);
  const { status: _status, ...less } = runDocument(summary) as { status?: string };
  expect(faults("run-1", less)).not.toEqual([]);
});
