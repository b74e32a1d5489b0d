import { join } from "node:path";
import type { Event } from "@quiesce/core";
import { expect, test } from "vitest";
import { toyRun } from "../../test/fixture/toy-run.ts";
import { noProgress, progressAfter, type Progress } from "./progress.ts";
import { progressLines } from "./progress-lines.ts";

const screen = { columns: 72, rows: 24, paint: (_tone: unknown, text: string) => text };

const folded = async (until: (event: Event) => boolean): Promise<Progress> => {
  const { events, index } = await toyRun("backup", { name: "nightly" });
  const end = events.findIndex(until);
  if (end < 0) throw new Error("No such event.");
  // One second between two events, as the terminal sees them.
  return events
    .slice(0, end + 1)
    .reduce((progress, event, at) => progressAfter(progress, event, index, at * 1000), noProgress(index, 0));
};

const isStart = (operation: string) => (event: Event) =>
  event.type === "step.started" && event.step.startsWith(operation);
const isEnd = (operation: string) => (event: Event) => event.type === "step.ended" && event.step.startsWith(operation);

test("while machines are frozen each has a clock against its deadline", async () => {
  const progress = await folded(isStart("snapshot.create"));
  expect([...progress.windows.values()].map(({ instance, is }) => [instance, is])).toEqual([
    ["db", "frozen"],
    ["web", "frozen"],
  ]);
  const text = progressLines(progress, "backup of shop (nightly)", 27_000, screen).join("\n");
  await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, "golden", "progress.txt"));
});

test("a window counts from the intent until the freeze is proved, then from its proof", async () => {
  const before = await folded((event) => event.type === "step.intended");
  const [window] = before.windows.values();
  expect(window?.is).toBe("freezing");
  const after = await folded(isEnd("freeze"));
  expect([...after.windows.values()].find(({ is }) => is === "frozen")?.sinceMs).toBeGreaterThan(window?.sinceMs ?? 0);
});

test("at the end no clock runs and nothing moves", async () => {
  const progress = await folded((event) => event.type === "run.settled");
  expect(progress.windows.size).toBe(0);
  expect(progress.running.size).toBe(0);
  expect(progress.ended).toBe(progress.total);
});

test("more than the terminal holds is counted, never wrapped", async () => {
  const progress = await folded(isStart("snapshot.create"));
  const lines = progressLines(progress, "backup of shop (nightly)", 27_000, { ...screen, rows: 5, columns: 30 });
  expect(lines).toHaveLength(3);
  expect(lines.at(-1)).toMatch(/^ {2}and \d+ more$/);
  for (const line of lines) expect(line.length).toBeLessThan(30);
});

test("a window near its deadline is shown as bad", async () => {
  const progress = await folded(isStart("snapshot.create"));
  const tones = (nowMs: number) => {
    const seen: string[] = [];
    progressLines(progress, "", nowMs, {
      ...screen,
      paint: (tone, text) => {
        if (text.includes("frozen")) seen.push(tone);
        return text;
      },
    });
    return seen;
  };
  expect(tones(10_000)).toEqual(["cold", "cold"]);
  expect(tones(40_000)).toEqual(["bad", "bad"]);
});
