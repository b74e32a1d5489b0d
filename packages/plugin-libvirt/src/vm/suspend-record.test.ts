import { asId, type JsonObject } from "@quiesce/core";
import { expect, test } from "vitest";
import type { MarkFields } from "../api/mark.ts";
import type { Power } from "../api/power.ts";
import { recordOf, suspendMark, suspendRecord, type SuspendRecord } from "./suspend-record.ts";

const tag = { store: "ours", deployment: asId<never>("d"), run: asId<never>("r2") };
const ofRun = (run: string, store = "ours"): MarkFields => ({ ...suspendMark(tag, "pause"), run, store });
const ran: SuspendRecord = { prior: "running", how: "pause" };
const none = (prior: Power): SuspendRecord => ({ prior, how: "none" });

const cases: readonly [string, Power, MarkFields | undefined, JsonObject | undefined, SuspendRecord][] = [
  ["nobody of us touched it", "paused", undefined, undefined, none("paused")],
  ["it was off", "off", undefined, undefined, none("off")],
  ["our own act of this run", "paused", ofRun("r2"), undefined, ran],
  ["an earlier run of ours, whose journal was lost", "paused", ofRun("r1"), undefined, ran],
  ["an earlier suspend that nobody resumed", "paused", undefined, { ...ran }, ran],
  ["that record outlives a mark of an older run", "paused", ofRun("r1"), { prior: "off", how: "none" }, none("off")],
  [
    "the mark of this run outlives an old record: it was started since",
    "paused",
    ofRun("r2"),
    { prior: "off", how: "none" },
    ran,
  ],
  ["another store's mark is not ours to resume", "paused", ofRun("r1", "theirs"), undefined, none("paused")],
  ["a mark of a pause says nothing of a machine that is off", "off", ofRun("r1"), undefined, none("off")],
  ["a record that is not whole counts for nothing", "paused", undefined, { prior: "dancing" }, none("paused")],
];

test.each(cases)("%s", (_, power, mark, prior, record) => {
  expect(suspendRecord(power, { mark, prior, tag })).toEqual(record);
});

test.each(["pause", "save", "sleep"] as const)("a mark of %s is read back as it was written", (how) => {
  expect(recordOf(suspendMark(tag, how))).toEqual({ prior: "running", how });
});
