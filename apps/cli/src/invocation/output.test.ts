import { expect, test } from "vitest";
import { createOutput, wantsColor, type Format } from "./output.ts";

const sinks = () => {
  const written = { out: "", err: "" };
  const sink = (name: "out" | "err") => ({ write: (text: string) => (written[name] += text) });
  return { written, output: createOutput(sink("out"), sink("err")) };
};

test.each<[Format, string]>([
  ["text", "for people\n"],
  ["json", '{\n  "a": 1\n}\n'],
  ["ndjson", '{"a":1}\n'],
])("format %s prints only its own form on stdout", (format, expected) => {
  const { written, output } = sinks();
  output.configure({ format, quiet: false, color: false });
  output.result("for people");
  output.document({ a: 1 });
  expect(written).toEqual({ out: expected, err: "" });
});

test("quiet keeps what must be read", () => {
  const { written, output } = sinks();
  output.configure({ format: "text", quiet: true, color: false });
  output.note("progress");
  output.warn("failed");
  expect(written.err).toBe("failed\n");
});

test("a secret is masked everywhere, also inside JSON where it would be escaped", () => {
  const secret = 'pa"ss\\word';
  const { written, output } = sinks();
  output.maskWith((text) => text.replaceAll(secret, "***"));
  output.result(`got ${secret}`);
  output.warn(`got ${secret}`);
  output.note(`got ${secret}`);
  output.configure({ format: "json", quiet: false, color: false });
  output.document({ deep: [{ text: `got ${secret}` }] });
  expect(written.out + written.err).not.toContain("ss\\");
  expect(JSON.parse(written.out.slice(written.out.indexOf("{")))).toEqual({ deep: [{ text: "got ***" }] });
});

test("what a provider says cannot steer the terminal; colours stay", () => {
  const { written, output } = sinks();
  output.warn("\u001b[31mred\u001b[39m \u001b]0;title\u0007 \u001b[2J\rgone");
  expect(written.err).toBe("\u001b[31mred\u001b[39m \ufffd]0;title\ufffd \ufffd[2J\ufffdgone\n");
});

test("colour is for terminals that want it", () => {
  const terminal = { write: () => true, isTTY: true };
  const pipe = { write: () => true };
  expect(wantsColor({}, true, terminal)).toBe(true);
  expect(wantsColor({}, true, pipe)).toBe(false);
  expect(wantsColor({}, false, terminal)).toBe(false);
  expect(wantsColor({ NO_COLOR: "1" }, true, terminal)).toBe(false);
  expect(wantsColor({ NO_COLOR: "" }, true, terminal)).toBe(true);
  expect(wantsColor({ TERM: "dumb" }, true, terminal)).toBe(false);
  expect(wantsColor({ FORCE_COLOR: "1" }, true, pipe)).toBe(true);
  expect(wantsColor({ FORCE_COLOR: "1", NO_COLOR: "1" }, true, pipe)).toBe(false);
});
