import { join } from "node:path";
import { expect, test } from "vitest";
import { toyRun } from "../../test/fixture/toy-run.ts";
import { eventLine } from "./event-line.ts";
import { plainLine } from "./plain.ts";

const golden = (name: string) => join(import.meta.dirname, "golden", name);

const story = async (...args: Parameters<typeof toyRun>): Promise<string> => {
  const { events, index, plan } = await toyRun(...args);
  const lines = events.flatMap((event) => {
    const line = eventLine(event, index);
    return line === undefined ? [] : [plainLine(line, plan.deployment)];
  });
  // Units run side by side; only the order inside one is fixed. The time of day depends on the zone.
  return `${lines.map((line) => line.slice(10)).join("\n")}\n`;
};

test("the story of a backup", async () => {
  await expect(await story("backup", { name: "nightly" })).toMatchFileSnapshot(golden("backup.txt"));
});

test("the story of a backup whose capture fails", async () => {
  const text = await story("backup", { name: "nightly" }, (cloud) =>
    cloud.faults.set({ call: "snapshot", target: "vm-db", times: 9, does: { what: "fail" } }),
  );
  await expect(text).toMatchFileSnapshot(golden("backup-fails.txt"));
});
