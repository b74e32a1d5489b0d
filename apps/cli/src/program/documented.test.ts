import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes } from "@quiesce/core";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { settingSpecs } from "../config/settings.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { createOutput } from "../invocation/output.ts";
import { buildProgram, loadOnce } from "./build-program.ts";

const docs = join(import.meta.dirname, "..", "..", "..", "..", "docs");
const page = (name: string): string => readFileSync(join(docs, name), "utf8");

const nowhere = { write: () => true };
const invocation: Invocation = {
  argv: [],
  env: {},
  cwd: "/",
  interactive: false,
  output: createOutput(nowhere, nowhere),
  globals: {},
  exitCode: 0,
};

const leavesOf = async (
  command: Command,
  path: readonly string[] = [],
): Promise<readonly (readonly [string, Command])[]> => {
  await loadOnce(command, invocation);
  if (command.commands.length === 0) return [[path.join(" "), command]];
  const below = await Promise.all(command.commands.map((sub) => leavesOf(sub, [...path, sub.name()])));
  return below.flat();
};

test("every command and every option stands in the reference", async () => {
  const text = page("reference/commands.md");
  const missing: string[] = [];
  for (const [path, command] of await leavesOf(buildProgram(invocation, "0", () => {}))) {
    // `plan` stands once, for its five.
    if (!text.includes(path) && !path.startsWith("plan ")) missing.push(path);
    for (const { long } of command.options)
      if (long !== undefined && long !== null && !text.includes(`\`${long}`)) missing.push(`${path} ${long}`);
  }
  for (const { long } of buildProgram(invocation, "0", () => {}).options)
    if (!text.includes(`\`${long}`)) missing.push(String(long));
  expect(missing).toEqual([]);
});

test("the reference names no option that does not exist", async () => {
  const leaves = await leavesOf(buildProgram(invocation, "0", () => {}));
  const known = new Set([
    ...leaves.flatMap(([, command]) => command.options.map(({ long }) => long)),
    ...buildProgram(invocation, "0", () => {}).options.map(({ long }) => long),
    "--help",
  ]);
  const guides = readdirSync(join(docs, "guide")).map((name) => `guide/${name}`);
  const pages = [
    "reference/commands.md",
    "reference/configuration.md",
    "reference/exit-codes.md",
    "reference/json.md",
    ...guides,
  ];
  const named = pages.flatMap((name) =>
    [...page(name).matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => `${name} ${option}`),
  );
  expect(named.filter((one) => !known.has(one.split(" ")[1] ?? ""))).toEqual([]);
});

test("every setting stands in the reference, with its key, variable and option", () => {
  const text = page("reference/configuration.md");
  for (const { key, env, flag } of settingSpecs("/state"))
    for (const name of [key, env, flag]) expect(text).toContain(`\`${name}\``);
});

test("every exit code stands in the reference", () => {
  const listed = [...page("reference/exit-codes.md").matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(listed).toEqual([...new Set([...Object.values(exitCodes), 129])].sort((a, b) => a - b));
});

test("every published schema stands in the reference", () => {
  const text = page("reference/json.md");
  const schemas = readdirSync(join(import.meta.dirname, "..", "..", "schemas"));
  expect(schemas.length).toBeGreaterThan(0);
  for (const name of schemas) expect(text).toContain(`\`${name}\``);
});

test("every link leads to a page, and every question is on its own page", () => {
  const guides = readdirSync(join(docs, "guide")).map((name) => `guide/${name}`);
  for (const name of [...guides, "reference/commands.md", "reference/json.md"]) {
    for (const [, link = ""] of page(name).matchAll(/\]\(([^)#]+)/g))
      expect(() => page(join(name, "..", link))).not.toThrow();
  }
  for (const name of guides) expect(page(name)).toMatch(/^# .+\?/);
});
