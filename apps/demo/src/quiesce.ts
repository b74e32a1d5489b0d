import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const cli = join(dirname(createRequire(import.meta.url).resolve("quiesce/package.json")), "bin", "quiesce.js");

/** Runs the shipped command line as its user does, on this terminal. Throws when it does not end with 0. */
export const quiesce = async (dir: string, ...args: readonly string[]): Promise<void> => {
  process.stdout.write(`\n$ quiesce ${args.join(" ")}\n`);
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: dir,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, QUIESCE_STATE_DIR: join(dir, "state"), XDG_CONFIG_HOME: join(dir, "config") },
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`quiesce ${args[0] ?? ""} ended with ${code ?? "a signal"}.`);
};
