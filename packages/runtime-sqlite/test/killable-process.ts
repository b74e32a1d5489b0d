import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process that tells what it did in lines, and may be killed at any time. */
export interface KillableProcess {
  /** What it told so far; a line is told after what it says is durable. */
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
  readonly exitCode: () => number | null;
  /** Waits until it told this many lines, then kills it at once. */
  killAfter(lines: number): Promise<void>;
}

/** `script`: a file beside this one. */
export const startProcess = (script: string, args: readonly string[]): KillableProcess => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@quiesce/source", path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 60_000,
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const ended = once(child, "close");
  return {
    lines,
    ended,
    exitCode: () => child.exitCode,
    killAfter: async (count) => {
      while (lines.length < count && child.exitCode === null) await new Promise((go) => setTimeout(go, 1));
      child.kill("SIGKILL");
      await ended;
    },
  };
};
