import { bytes } from "../render/bytes.ts";
import { duration } from "../render/duration.ts";
import type { Paint } from "../render/paint.ts";
import type { Progress, Running, Window } from "./progress.ts";

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
}

/** The moving part of the terminal: what is frozen for how long, what works, how much is done. Pure. */
export const progressLines = (
  progress: Progress,
  headline: string,
  nowMs: number,
  screen: Screen,
): readonly string[] => {
  const { windows, running, ended, total, startedMs, cancelling } = progress;
  const head = `${headline}: ${ended} of ${total} steps, ${duration(nowMs - startedMs)}${cancelling ? ", stopping" : ""}`;
  const lines = [
    { text: head, tone: "strong" as const },
    // The longest window stands first: it is the one that needs an eye.
    ...[...windows.values()].sort((a, b) => a.sinceMs - b.sinceMs).map((window) => windowLine(window, nowMs)),
    ...[...running.values()].map((one) => ({ text: runningLine(one, nowMs), tone: "dim" as const })),
  ];
  const room = Math.max(2, screen.rows - 2);
  const shown = lines.length <= room ? lines : lines.slice(0, room - 1);
  const hidden = lines.length - shown.length;
  return [
    ...shown.map(({ text, tone }) => screen.paint(tone, cut(text, screen.columns))),
    ...(hidden === 0 ? [] : [screen.paint("dim", cut(`  and ${hidden} more`, screen.columns))]),
  ];
};

const windowLine = ({ instance, is, sinceMs, dueInMs }: Window, nowMs: number) => {
  const elapsed = nowMs - sinceMs;
  const share = Math.min(1, elapsed / dueInMs);
  const bar = `[${"#".repeat(Math.round(share * 10)).padEnd(10, ".")}]`;
  const text = `  ${bar} ${instance} ${is} ${duration(elapsed)} of at most ${duration(dueInMs)}`;
  return { text, tone: share > 0.8 ? ("bad" as const) : ("cold" as const) };
};

const runningLine = ({ title, sinceMs, bytes: moved }: Running, nowMs: number): string => {
  const amount = moved === undefined ? "" : `, ${amountOf(moved)}`;
  return `  ${title}: ${duration(nowMs - sinceMs)}${amount}`;
};

const amountOf = ({ done, total, unit }: NonNullable<Running["bytes"]>): string => {
  const show = (count: number): string => (unit === "bytes" ? bytes(count) : `${count} ${unit}`);
  return total === undefined ? show(done) : `${show(done)} of ${show(total)}`;
};

const cut = (text: string, columns: number): string =>
  text.length <= columns - 1 ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
