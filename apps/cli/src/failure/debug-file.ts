import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import type { Invocation } from "../invocation/invocation.ts";

/** Writes what a developer needs to a file that only the user can read. Secrets that are known are masked. */
export const writeDebugFile = async (thrown: unknown, { argv, output }: Invocation): Promise<string | undefined> => {
  const text = [
    `time: ${new Date().toISOString()}`,
    `node: ${process.version} ${process.platform} ${process.arch}`,
    `arguments: ${argv.join(" ")}`,
    // The stack and what the error carries; deep enough for a cause, not for whole data.
    inspect(thrown, { depth: 4, breakLength: 120 }),
  ].join("\n");
  try {
    const folder = await mkdtemp(join(tmpdir(), "quiesce-debug-"));
    const file = join(folder, "error.txt");
    await writeFile(file, `${output.masked(text)}\n`, { mode: 0o600, flag: "wx" });
    return file;
  } catch {
    return undefined;
  }
};
