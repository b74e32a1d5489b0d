import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

import type { LibvirtLab } from "./libvirt-lab.ts";

const run = promisify(execFile);
const program = "virsh";
const timeoutMs = 120_000;

/**
 * Runs one `virsh` command line against the lab and returns what it printed, trimmed.
 *
 * This and `qemu-img` are the witnesses of the tests: nothing of Quiesce takes part.
 * @throws when virsh fails, with its message, or has not ended after two minutes.
 */
export const virsh = async (lab: Pick<LibvirtLab, "uri">, ...args: readonly string[]): Promise<string> => {
  try {
    const { stdout } = await run(program, ["-q", "-c", lab.uri, ...args], {
      timeout: timeoutMs,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, LC_ALL: "C" },
    });
    return stdout.trim();
  } catch (cause) {
    throw new Error(`virsh ${args.join(" ")}: ${why(cause)}`, { cause });
  }
};

/** The same at the end of a process, where nothing can be awaited; nobody is left to hear of a failure. */
export const virshAtExit = (lab: Pick<LibvirtLab, "uri">, ...args: readonly string[]): void => {
  spawnSync(program, ["-q", "-c", lab.uri, ...args], { stdio: "ignore", timeout: 20_000 });
};

const why = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  if ("killed" in cause && cause.killed === true) return `no end after ${timeoutMs / 1000} s`;
  const stderr = "stderr" in cause && typeof cause.stderr === "string" ? cause.stderr.trim() : "";
  return stderr === "" ? cause.message : stderr;
};
