import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isQuiesceError } from "@quiesce/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPluginLoader } from "./load-plugin.ts";

let cwd = "";

const add = async (name: string, code: string): Promise<void> => {
  const folder = join(cwd, "node_modules", `quiesce-plugin-${name}`);
  await mkdir(folder, { recursive: true });
  const main = { name: `quiesce-plugin-${name}`, version: "1.0.0", type: "module", exports: { ".": "./index.js" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(main));
  await writeFile(join(folder, "index.js"), code);
};

beforeAll(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), "quiesce-load-")));
  await add(
    "good",
    `globalThis.goodLoaded = (globalThis.goodLoaded ?? 0) + 1; export const good = { kind: "provider", name: "good", apiVersion: 1 };`,
  );
  await add("runs", `export default { kind: "runner", name: "runs", apiVersion: 1 };`);
  await add("newer", `export const newer = { kind: "provider", name: "newer", apiVersion: 2 };`);
  await add("empty", "export {};");
  await add("broken", `import "not-there";`);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const refusal = async (loading: Promise<unknown>): Promise<string> => {
  const thrown = await loading.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isQuiesceError(thrown)) throw new Error(`Not refused: ${String(thrown)}`);
  expect(thrown.code).toBe("usage");
  return `${thrown.message} ${thrown.hint ?? ""}`;
};

test("a plugin of somebody else is loaded by its name, once", async () => {
  const loader = createPluginLoader(cwd);
  expect((await loader.plugin("good")).name).toBe("good");
  await loader.plugin("good");
  expect((globalThis as { goodLoaded?: number }).goodLoaded).toBe(1);
  expect((await loader.runner("runs")).name).toBe("runs");
});

test("a missing one names the package to install and what is there", async () => {
  expect(await refusal(createPluginLoader(cwd).plugin("gcp"))).toMatch(
    /^There is no plugin "gcp"\. Installed: .*good.* npm install @quiesce\/plugin-gcp$/,
  );
});

test("one that cannot be used says why", async () => {
  const loader = createPluginLoader(cwd);
  expect(await refusal(loader.plugin("empty"))).toMatch(/quiesce-plugin-empty in .* exports no plugin "empty"/);
  expect(await refusal(loader.plugin("newer"))).toMatch(/apiVersion 1/);
  expect(await refusal(loader.plugin("broken"))).toMatch(/quiesce-plugin-broken in .* cannot be loaded: .*not-there/);
  expect(await refusal(loader.plugin("runs"))).toMatch(/runs scripts; it is no provider/);
  expect(await refusal(loader.runner("good"))).toMatch(/runs no scripts/);
});
