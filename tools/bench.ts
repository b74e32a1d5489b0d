// Runs every bench of the workspace, each in a process of its own, and prints one line each: JSON with --json, else a
// table. A bench is a file `bench/<name>.ts` of a package that prints one JSON object on its last line.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { stripFolder } from "./strip-types.ts";

interface Line {
  readonly name: string;
  readonly ours: number | null;
  readonly peer: number | null;
  readonly peerName: string;
  readonly ratio: number | null;
  readonly unit: string;
  readonly holds: boolean;
  /** Why there is no number, or what the bound is. */
  readonly note?: string;
}

const root = join(import.meta.dirname, "..");
const json = process.argv.includes("--json");
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));

const files = ["packages", "apps"].flatMap((place) =>
  readdirSync(join(root, place)).flatMap((name) => {
    const folder = join(root, place, name, "bench");
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith(".ts"))
          .map((file) => join(folder, file))
      : [];
  }),
);
const nameOf = (file: string): string => file.replace(/^.*\//, "").replace(/\.ts$/, "");
const chosen = files.filter((file) => wanted.length === 0 || wanted.includes(nameOf(file)));

const run = (file: string): Line => {
  const script = stripFolder(dirname(file))(file);
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
    encoding: "utf8",
    timeout: 600_000,
  });
  const last = stdout.trim().split("\n").at(-1) ?? "";
  if (status === 0 && last.startsWith("{")) return JSON.parse(last) as Line;
  const why = stderr.trim().split("\n").at(-1) ?? "no output";
  return {
    name: nameOf(file),
    ours: null,
    peer: null,
    peerName: "",
    ratio: null,
    unit: "",
    holds: false,
    note: `did not run: ${why}`,
  };
};

const cell = (value: number | null): string => (value === null ? "-" : String(Math.round(value * 1000) / 1000));
let held = true;
for (const file of chosen) {
  const line = run(file);
  held &&= line.holds;
  if (json) process.stdout.write(`${JSON.stringify(line)}\n`);
  else
    process.stdout.write(
      `${line.name.padEnd(20)} ours ${cell(line.ours).padStart(9)} ${line.unit.padEnd(4)} peer ${cell(line.peer).padStart(9)} (${line.peerName}) ` +
        `ratio ${cell(line.ratio).padStart(7)} ${line.holds ? "holds" : "DOES NOT HOLD"}${line.note === undefined ? "" : `  ${line.note}`}\n`,
    );
}
process.exitCode = held ? 0 : 1;
