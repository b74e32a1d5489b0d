import type { PlanIndex } from "@quiesce/core";
import type { Output } from "../invocation/output.ts";
import { paintWith } from "../render/paint.ts";
import { eventLine } from "./event-line.ts";
import { plainLine } from "./plain.ts";
import { noProgress, progressAfter } from "./progress.ts";
import { progressLines } from "./progress-lines.ts";
import type { Reporter } from "./reporter.ts";

const everyMs = 100;
const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearDown = "\u001b[0J";
const up = (lines: number): string => (lines === 0 ? "" : `\u001b[${lines}A\r`);

/** Ends of steps scroll away as lines; below them stays one block that moves, with the freeze clock of each unit. */
export const ttyReporter = (index: PlanIndex, output: Output, nowMs: () => number): Reporter => {
  const { stderr, settings } = output;
  const { workflow, deployment, backup } = index.plan;
  const headline = `${workflow} of ${deployment}${backup === undefined ? "" : ` (${backup.name})`}`;
  const paint = paintWith(settings.color);
  let progress = noProgress(index, nowMs());
  let drawn = 0;
  const draw = (above: string): void => {
    const screen = { columns: sizeOr(stderr.columns, 80), rows: sizeOr(stderr.rows, 24), paint };
    const lines = progressLines(progress, headline, nowMs(), screen);
    stderr.write(`${up(drawn)}${clearDown}${above}${output.masked(lines.join("\n"))}\n`);
    drawn = lines.length;
  };
  stderr.write(hideCursor);
  draw("");
  const timer = setInterval(() => draw(""), everyMs);
  return {
    event: (event) => {
      progress = progressAfter(progress, event, index, nowMs());
      const line = eventLine(event, index);
      if (line === undefined || line.is === "start") return;
      const text = output.masked(plainLine(line, deployment));
      draw(`${line.is === "failure" ? paint("bad", text) : text}\n`);
    },
    say: (text) => draw(`${output.masked(text)}\n`),
    close: () => {
      clearInterval(timer);
      stderr.write(`${up(drawn)}${clearDown}${showCursor}`);
      drawn = 0;
    },
  };
};

/** Some terminals do not know their size and say 0. */
const sizeOr = (size: number | undefined, otherwise: number): number =>
  size === undefined || size <= 0 ? otherwise : size;
