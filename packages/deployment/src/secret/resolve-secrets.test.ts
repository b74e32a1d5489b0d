import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@quiesce/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redactor, resolveSecrets, type SecretEnvironment } from "../index.ts";

let baseDir = "";
beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), "quiesce-secrets-"));
  await mkdir(join(baseDir, "folder"));
  await writeFile(join(baseDir, "pw"), "from a file\n");
  await writeFile(join(baseDir, "windows"), "two\r\nlines\r\n");
  await writeFile(join(baseDir, "empty"), "\n");
  await writeFile(join(baseDir, "large"), "x".repeat(64 * 1024 + 1));
  await symlink("pw", join(baseDir, "link"));
  await writeFile(join(baseDir, "say"), '#!/bin/sh\necho "$1-$WHO-$(basename "$PWD")"\necho runs >> runs\n');
  await chmod(join(baseDir, "say"), 0o755);
});
afterAll(() => rm(baseDir, { recursive: true }));

const path = process.env["PATH"];
const resolve = (config: JsonObject, more: Partial<SecretEnvironment> = {}) =>
  resolveSecrets(config, {
    baseDir,
    env: { PATH: path, WHO: "me", PW: "from the environment", NONE: "" },
    signal: new AbortController().signal,
    ...more,
  });

const problemsOf = async (config: JsonObject, more: Partial<SecretEnvironment> = {}) => {
  const resolved = await resolve(config, more);
  return resolved.ok ? [] : resolved.problems.map(({ message }) => message);
};

test("follows references into variables, files and commands, at any depth, and leaves the rest alone", async () => {
  const config = {
    url: "https://vc1",
    parallel: 3,
    none: null,
    username: { env: "PW" },
    auth: { list: [{ password: { file: "pw" } }, "x"], again: { file: "link" }, lines: { file: "windows" } },
    token: { command: ["./say", "hello"] },
    shell: { command: ["printf", "%s", "$WHO; `id` && x"] },
    elsewhere: { command: ["../say", "x"], cwd: "folder" },
  };
  expect(await resolve(config)).toEqual({
    ok: true,
    value: {
      config: {
        url: "https://vc1",
        parallel: 3,
        none: null,
        username: "from the environment",
        auth: { list: [{ password: "from a file" }, "x"], again: "from a file", lines: "two\r\nlines" },
        token: expect.stringMatching(/^hello-me-quiesce-secrets-/) as string,
        shell: "$WHO; `id` && x",
        elsewhere: "x-me-folder",
      },
      values: expect.arrayContaining([
        "from the environment",
        "from a file",
        "two\r\nlines",
        "x-me-folder",
      ]) as string[],
    },
  });
});

test("runs a command that is named twice once", async () => {
  await rm(join(baseDir, "runs"), { force: true });
  const command = { command: ["./say", "once"] };
  const both = await resolve({ a: command, b: [command], runs: { command: ["cat", "runs"] } });
  expect(both).toMatchObject({ ok: true, value: { config: { runs: "runs" } } });
});

test("says of every secret that cannot be read which one and why, all at once", async () => {
  const problems = await problemsOf({
    a: { env: "MISSING" },
    b: { env: "NONE" },
    c: { file: "nothing" },
    d: { file: "folder" },
    e: { file: "empty" },
    f: { file: "large" },
    g: [{ command: ["/no/such/program"] }],
    h: { command: ["sh", "-c", "exit 3"] },
    i: { command: ["true"] },
    j: { command: ["sh", "-c", "kill -TERM $$"] },
    k: { command: ["yes"] },
  });
  expect(problems).toEqual([
    "Cannot read the secret a: environment variable MISSING is not set",
    "Cannot read the secret b: environment variable NONE is empty",
    "Cannot read the secret c: file nothing does not exist",
    "Cannot read the secret d: file folder is not a regular file",
    "Cannot read the secret e: file empty is empty",
    "Cannot read the secret f: file large is larger than 64 KiB",
    "Cannot read the secret g[0]: command /no/such/program was not found",
    "Cannot read the secret h: command sh ended with exit status 3",
    "Cannot read the secret i: command true is empty",
    "Cannot read the secret j: command sh failed (SIGTERM)",
    "Cannot read the secret k: command yes printed more than 64 KiB",
  ]);
});

test("ends a command that does not end, also when its child keeps the output open", async () => {
  const started = performance.now();
  const problems = await problemsOf({ a: { command: ["sh", "-c", "sleep 5 & sleep 5"] } }, { commandTimeoutMs: 100 });
  expect(problems).toEqual(["Cannot read the secret a: command sh did not end within 100 ms"]);
  expect(performance.now() - started).toBeLessThan(4_000);
});

test("a command that asks on its standard input gets no answer instead of waiting", async () => {
  expect(await problemsOf({ a: { command: ["cat"] } })).toEqual(["Cannot read the secret a: command cat is empty"]);
});

test("an abort ends the work with its reason", async () => {
  const abort = new AbortController();
  const work = resolve({ a: { command: ["sleep", "5"] } }, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("enough")), 50);
  await expect(work).rejects.toThrow("enough");
  await expect(resolve({ a: { file: "pw" } }, { signal: abort.signal })).rejects.toThrow("enough");
});

test("no failure shows what a command printed", async () => {
  const script = "echo hunter2-canary; echo hunter2-canary >&2; exit 1";
  await writeFile(join(baseDir, "leaky"), `#!/bin/sh\n${script}\n`);
  await chmod(join(baseDir, "leaky"), 0o755);
  const resolved = await resolve({ a: { command: ["./leaky"] } });
  expect(resolved.ok).toBe(false);
  expect(JSON.stringify(resolved)).not.toContain("canary");
});

test("the values that come back mask every secret of a text", async () => {
  const resolved = await resolve({ a: { env: "PW" }, b: { file: "windows" } });
  if (!resolved.ok) throw new Error("resolves");
  const text = JSON.stringify(resolved.value.config);
  expect(redactor(resolved.value.values)(text)).toBe('{"a":"***","b":"***"}');
});
