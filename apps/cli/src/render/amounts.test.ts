import { expect, test } from "vitest";
import { age } from "./age.ts";
import { bytes } from "./bytes.ts";
import { duration } from "./duration.ts";
import { shellWord } from "./shell-word.ts";

test.each([
  [0, "0.0 s"],
  [349, "0.3 s"],
  [9949, "9.9 s"],
  [9950, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min"],
  [185_000, "3 min 5 s"],
  [3_600_000, "1 h"],
  [7_800_000, "2 h 10 min"],
  [442_800_000, "5 d 3 h"],
  [-2000, "-2.0 s"],
])("%d ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [5 * 1024 ** 3, "5.0 GiB"],
  [3 * 1024 ** 6, "3072.0 PiB"],
])("%d bytes are %s", (count, text) => {
  expect(bytes(count)).toBe(text);
});

test("an age says when a clock was wrong", () => {
  const now = Date.parse("2026-01-02T00:00:00.000Z");
  expect(age("2026-01-01T00:00:00.000Z", now)).toBe("1 d ago");
  expect(age("2026-01-02T01:00:00.000Z", now)).toBe("1 h in the future");
  expect(age("yesterday", now)).toBe("unknown");
});

test("a word is quoted for the shell only where it must be", () => {
  expect(shellWord("nightly-2")).toBe("nightly-2");
  expect(shellWord("qemu:///system?socket=/a")).toBe("'qemu:///system?socket=/a'");
  expect(shellWord("it's")).toBe(String.raw`'it'\''s'`);
});
