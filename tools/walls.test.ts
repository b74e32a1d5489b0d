import { spawnSync } from "node:child_process";
import { mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** The rules that refuse a file of this text at this place. */
const refusals = async (file: string, text: string): Promise<readonly string[]> => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-walls-"));
  // Without what needs types: these rules look at names alone.
  const { options: _, ...config } = JSON.parse(await readFile(join(root, ".oxlintrc.json"), "utf8")) as {
    readonly options: unknown;
  };
  await writeFile(join(folder.path, ".oxlintrc.json"), JSON.stringify(config));
  await mkdir(dirname(join(folder.path, file)), { recursive: true });
  await writeFile(join(folder.path, file), text);
  const { stdout } = spawnSync(join(root, "node_modules", ".bin", "oxlint"), ["--format=json", file], {
    cwd: folder.path,
    encoding: "utf8",
  });
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly { readonly code: string }[] };
  return [...new Set(diagnostics.map(({ code }) => code))].filter((code) => code.includes("no-restricted")).sort();
};

const globals = "eslint(no-restricted-globals)";
const imports = "eslint(no-restricted-imports)";
const properties = "eslint(no-restricted-properties)";

test.each([
  ["packages/core/src/plan/bad.ts", "export const now = Date.now();", [globals]],
  ["packages/core/src/plan/bad.ts", "export const pid = process.pid;", [globals]],
  ["packages/core/src/plan/bad.ts", "export const x = Math.random();", [properties]],
  ["packages/core/src/plan/bad.ts", 'export { readFile } from "node:fs/promises";', [imports]],
  ["packages/core/src/plan/bad.ts", 'export { runPlan } from "../run/run-plan.ts";', [imports]],
  ["packages/core/src/plan/good.ts", 'export type { Id } from "../model/id.ts";', []],
  ["packages/core/src/run/apply.ts", 'export { journal } from "./journal.ts";', [imports]],
  ["packages/core/src/run/anything.ts", "console.log(1);", [globals]],
  ["packages/plugin-x/src/bad.ts", 'export { run } from "@quiesce/runtime-sqlite";', [imports]],
  ["packages/plugin-x/src/good.ts", 'export { noApi } from "@quiesce/core/capability";', []],
  ["packages/plugin-x/src/good.ts", 'export { connect } from "@quiesce/node-x";', []],
])("%s: %s", async (file, text, expected) => {
  expect(await refusals(file, text)).toEqual(expected);
});
