import { readFileSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { failure, ProviderFailure, QuiesceError } from "@quiesce/core";
import { expect, test } from "vitest";
import type { Invocation } from "../invocation/invocation.ts";
import { createOutput, type Format } from "../invocation/output.ts";
import { Interruption } from "../signals/interruption.ts";
import { report } from "./report.ts";

const call = async (thrown: unknown, format: Format = "text") => {
  const written = { out: "", err: "" };
  const output = createOutput({ write: (text) => (written.out += text) }, { write: (text) => (written.err += text) });
  output.configure({ format, quiet: true, color: false });
  output.maskWith((text) => text.replaceAll("s3cret", "***"));
  const invocation: Invocation = {
    argv: ["backup", "s3cret"],
    env: {},
    cwd: "/",
    interactive: false,
    output,
    globals: {},
    exitCode: 0,
  };
  return { code: await report(thrown, invocation), ...written };
};

test("an expected end says what, what to do, and all problems with their places", async () => {
  const error = new QuiesceError("usage", "shop.yaml cannot be used.", {
    hint: "Mend it.",
    problems: [
      { code: "config-invalid", message: "x is wrong.", hint: "Use y.", at: { file: "shop.yaml", line: 3, column: 5 } },
    ],
  });
  expect(await call(error)).toEqual({
    code: 2,
    out: "",
    err: "shop.yaml cannot be used.\n  shop.yaml:3:5: x is wrong. Use y.\nMend it.\n",
  });
});

test("the first problem decides the exit code, else the error itself", async () => {
  const problems = [{ code: "unsupported", message: "no" }] as const;
  expect((await call(new QuiesceError("refused", "No.", { problems }))).code).toBe(5);
  expect((await call(new QuiesceError("locked", "No."))).code).toBe(8);
  expect((await call(failure("unauthenticated", "No."))).code).toBe(10);
  expect((await call(failure("unavailable", "No."))).code).toBe(1);
  expect((await call(new Interruption("SIGTERM"))).code).toBe(143);
});

test("a provider's failure names its request", async () => {
  const thrown = new ProviderFailure({
    code: "unavailable",
    advice: { retry: "never" },
    message: "Gone.",
    providerRequestId: "req-1",
  });
  expect((await call(thrown)).err).toBe("Gone. (request req-1)\n");
});

test("a program gets the same as a document", async () => {
  const { out, err } = await call(new QuiesceError("not-found", "None.", { hint: "Look." }), "json");
  expect(JSON.parse(out)).toEqual({
    schema: "quiesce.error/1",
    error: { code: "not-found", message: "None.", hint: "Look.", problems: [] },
    exitCode: 9,
  });
  expect(err).toBe("None.\nLook.\n");
  const line = await call(new QuiesceError("not-found", "None."), "ndjson");
  expect(JSON.parse(line.out)).toMatchObject({ schema: "quiesce.event/1", type: "result", exitCode: 9 });
});

test("a bug shows no stack; the details are in a file that only the user can read, without secrets", async () => {
  const { code, err } = await call(new TypeError("boom s3cret"));
  expect(code).toBe(70);
  expect(err).toMatch(
    /^quiesce failed unexpectedly: boom \*\*\*\nThis is a bug in quiesce\. Details are in (\S+)\. Please report it\.\n$/,
  );
  const file = /Details are in (\S+)\. /.exec(err)?.[1] ?? "";
  const text = readFileSync(file, "utf8");
  expect(text).toContain("TypeError: boom ***");
  expect(text).toMatch(/report\.test\.ts:\d+/);
  expect(text).not.toContain("s3cret");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  rmSync(dirname(file), { recursive: true });
});
