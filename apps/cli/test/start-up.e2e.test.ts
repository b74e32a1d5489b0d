import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { faults } from "./fixture/valid.ts";

const bin = join(import.meta.dirname, "..", "bin", "quiesce.js");
const dir = mkdtempSync(join(tmpdir(), "qz-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Counts what Node's loader loads, and the CPU time of the whole process. */
const meter = join(dir, "meter.mjs");
writeFileSync(
  meter,
  `import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.METER, JSON.stringify({ loaded, cpuMs: (user + system) / 1000 }));
});
`,
);

const quiesce = (args: readonly string[], node: readonly string[] = []) =>
  spawnSync(process.execPath, [...node, bin, ...args], {
    encoding: "utf8",
    cwd: dir,
    env: { PATH: process.env["PATH"], HOME: dir, METER: join(dir, "meter.json") },
  });

const measured = (args: readonly string[]) => {
  const { status } = quiesce(args, ["--import", pathToFileURL(meter).href]);
  const { loaded, cpuMs } = JSON.parse(readFileSync(join(dir, "meter.json"), "utf8")) as {
    readonly loaded: readonly string[];
    readonly cpuMs: number;
  };
  return { status, cpuMs, modules: loaded.filter((url) => !url.startsWith("node:")) };
};

const cheap = [["--help"], ["capabilities"], ["capabilities", "--json"], ["--version"]];

test.each(cheap.map((args) => [args.join(" "), args] as const))(
  "%s loads few modules, and no reader of files",
  (_name, args) => {
    const { status, modules } = measured(args);
    expect(status).toBe(0);
    expect(modules.length).toBeLessThanOrEqual(60);
    expect(modules.filter((url) => /node_modules\/(zod|yaml|fast-xml-parser|@clack)\//.test(url))).toEqual([]);
    expect(modules.filter((url) => /(runtime-sqlite|node-libvirt|deployment)\/(dist|src)\//.test(url))).toEqual([]);
  },
);

test.each(cheap.map((args) => [args.join(" "), args] as const))("%s takes less than 150 ms of CPU", (_name, args) => {
  // The least of several: others who use the machine make a run dearer, never cheaper.
  const best = Math.min(...Array.from({ length: 5 }, () => measured(args).cpuMs));
  expect(best).toBeLessThan(150);
});

test("an older Node gets one line and exit 2", () => {
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.19.0'})";
  const { status, stdout, stderr } = quiesce(["--help"], ["--import", older]);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^quiesce needs Node\.js 24 or newer; this is 20\.19\.0 .*\n$/);
});

test("without anything, and with help, the overview is the result", () => {
  const { status, stdout, stderr } = quiesce([]);
  expect([status, stderr]).toEqual([0, ""]);
  for (const command of ["backup", "remove-backup", "deployments", "executions|runs", "doctor", "completion"])
    expect(stdout).toMatch(new RegExp(`^ {2}${command.replace("|", "\\|")} `, "m"));
  expect(quiesce(["help"]).stdout).toBe(stdout);
  expect(quiesce(["help", "plan", "backup"]).stdout).toContain("Usage: quiesce plan backup [options] <deployment>");
  expect(quiesce(["backup", "--help"]).stdout).toContain("--allow-uncaptured");
});

test("what does not exist yet is not listed", () => {
  const { stdout } = quiesce(["--help"]);
  expect(stdout).not.toMatch(/blueprints|verify|prune/);
});

test("capabilities are as their schema says", () => {
  const { stdout } = quiesce(["capabilities", "--json"]);
  const document = JSON.parse(stdout) as { readonly plugins: Record<string, unknown> };
  expect(faults("capabilities-1", document)).toEqual([]);
  expect(Object.keys(document.plugins)).toContain("libvirt");
});

test("completion offers commands, options, choices", () => {
  const words = (...typed: readonly string[]) =>
    quiesce(["__complete", ...typed])
      .stdout.trim()
      .split("\n");
  expect(words("ba")).toEqual(["backup", "backups"]);
  expect(words("plan", "")).toEqual(["suspend", "resume", "backup", "restore", "remove-backup"]);
  expect(words("backup", "shop", "--ki")).toEqual(["--kind"]);
  expect(words("backup", "shop", "--kind", "")).toEqual(["snapshot", "backup"]);
  expect(words("backup", "shop", "--jso")).toEqual(["--json"]);
  expect(words("completion", "z")).toEqual(["zsh"]);
});

// A shell that is not installed cannot judge.
const shells = ["bash", "zsh", "fish"].filter((shell) => spawnSync(shell, ["-c", "true"]).error === undefined);

test.each(shells)("the completion script for %s is one that the shell reads", (shell) => {
  const { stdout, status } = quiesce(["completion", shell]);
  expect(status).toBe(0);
  const checked = spawnSync(shell, ["-n"], { input: stdout, encoding: "utf8" });
  expect([checked.status, checked.stderr]).toEqual([0, ""]);
  expect(stdout).toContain("quiesce __complete");
});
