// The repository's tasks, one function each; `npm run <task>` comes here through launch.cjs.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { labMissing, libvirtLab } from "../labs/libvirt/libvirt-lab.ts";

const root = join(import.meta.dirname, "..");
const [task = "help", ...rest] = process.argv.slice(2);

const exec = (command: string, args: readonly string[], options: { cwd?: string; quiet?: boolean } = {}): void => {
  const { status, error } = spawnSync(command, args, {
    cwd: options.cwd ?? root,
    stdio: options.quiet === true ? ["ignore", 2, 2] : "inherit",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 70);
};
const bin = (name: string, ...args: readonly string[]): void => exec(join(root, "node_modules", ".bin", name), args);
const node = (file: string, args: readonly string[] = [], cwd?: string): void =>
  exec(process.execPath, [join(root, file), ...args], cwd === undefined ? {} : { cwd });
const build = (): void => exec(join(root, "node_modules", ".bin", "tsc"), ["-b"], { quiet: true });

/** vitest does not show the titles of what it skips. */
const sayMissingLabs = (): void => {
  try {
    if (libvirtLab() === undefined) process.stderr.write(`Tests that need it are skipped: ${labMissing}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
};

const tasks: Record<string, () => void> = {
  build,
  start: () => {
    build();
    node("apps/demo/dist/main.js", rest);
  },
  test: () => {
    build();
    sayMissingLabs();
    bin("vitest", "run", ...rest);
  },
  lint: () => {
    build();
    bin("oxlint", "--type-aware", ...rest);
    bin("oxfmt", "--check", ".");
  },
  format: () => bin("oxfmt", "."),
  types: () => {
    build();
    bin("tsc", "-p", "tsconfig.test.json");
  },
  bench: () => {
    build();
    node("tools/bench.ts", rest);
  },
  labs: () => node("tools/labs.ts", rest),
  mutants: () => {
    build();
    node("tools/mutants.ts", rest);
  },
  docs: () => {
    build();
    node("tools/docs.ts", rest);
  },
  verify: () => {
    tasks["lint"]?.();
    tasks["types"]?.();
    bin("knip");
    bin("turbo", "run", "publint", "--output-logs=errors-only");
    node("tools/docs.ts", ["--check"]);
  },
  quiesce: () => {
    build();
    node("apps/cli/bin/quiesce.js", rest, process.env["INIT_CWD"]);
  },
};

const chosen = tasks[task];
if (chosen === undefined) {
  process.stderr.write(`Unknown task "${task}". Tasks: ${Object.keys(tasks).join(" ")}\n`);
  process.exit(2);
}
chosen();
