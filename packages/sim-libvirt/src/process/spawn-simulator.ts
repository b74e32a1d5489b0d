import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { connectControl, type ControlClient } from "../control/control-client.ts";
import type { SpecInput } from "../spec/spec.ts";

/** A simulator in a process of its own. */
export interface SimulatorProcess extends AsyncDisposable {
  readonly pid: number;
  readonly hosts: readonly { readonly name: string; readonly socket: string; readonly uri: string }[];
  readonly control: ControlClient;
  /** Path of the control socket. */
  readonly controlPath: string;
  /** Resolves with the exit code, or `null` after a signal. */
  readonly exited: Promise<number | null>;
  /** Ends it by SIGTERM and waits. */
  stop(): Promise<void>;
}

/** Starts a simulator in a process of its own and waits until it is ready. `dir` must have a short path. */
export const spawnSimulator = async (dir: string, spec: SpecInput): Promise<SimulatorProcess> => {
  mkdirSync(dir, { recursive: true });
  const specFile = join(dir, "spec.json");
  writeFileSync(specFile, JSON.stringify(spec));
  const child = spawn(process.execPath, [...entry(), "--dir", dir, "--spec", specFile], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), exited]);
  if (!Array.isArray(first))
    throw new Error(`The simulator did not start (exit ${String(first)}): ${complaint.trim()}`);
  const ready = JSON.parse(String(first[0])) as Pick<SimulatorProcess, "pid" | "hosts"> & { readonly control: string };
  const control = await connectControl(ready.control);
  const stop = async () => {
    control.close();
    child.kill("SIGTERM");
    await exited;
  };
  return {
    pid: ready.pid,
    hosts: ready.hosts,
    control,
    controlPath: ready.control,
    exited,
    stop,
    [Symbol.asyncDispose]: stop,
  };
};

/** From source, as tests run it, the sources are run; from a build, the build. */
const entry = (): readonly string[] => {
  const fromSource = import.meta.url.endsWith(".ts");
  const file = fileURLToPath(new URL(fromSource ? "run.ts" : "run.js", import.meta.url));
  return fromSource ? ["--conditions=@quiesce/source", file] : [file];
};
