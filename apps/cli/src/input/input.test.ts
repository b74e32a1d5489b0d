import { isQuiesceError } from "@quiesce/core";
import { expect, test } from "vitest";
import { commaList } from "./comma-list.ts";
import { parseDuration } from "./duration.ts";
import { freshName } from "./fresh-name.ts";
import { near } from "./near.ts";
import { checkSetName } from "./set-name.ts";

test.each(["nightly", "2026-01-01T00:00", "v1.2", "été", "a b", "x".repeat(128)])("%s can name a set", (name) => {
  expect(() => checkSetName(name)).not.toThrow();
});

test.each([
  "",
  " ",
  " a",
  "-n",
  "a/b",
  "a\\b",
  "..",
  ".",
  "a..b",
  "a\nb",
  "a\u0000",
  "a\u009b31m",
  "x".repeat(129),
  "é".repeat(65),
])("%j cannot name a set", (name) => {
  let thrown: unknown;
  try {
    checkSetName(name);
  } catch (error) {
    thrown = error;
  }
  expect(isQuiesceError(thrown) && thrown.code).toBe("usage");
  // What is refused because it cannot be shown is not shown raw either.
  expect(String(thrown)).not.toMatch(/[^\P{Cc}\n]/u);
});

test("fresh names are usable, sort by time and differ", () => {
  const at = new Date("2026-01-01T10:20:30.456Z");
  const names = Array.from({ length: 50 }, () => freshName(at, 6));
  for (const name of names) expect(() => checkSetName(name)).not.toThrow();
  expect(names[0]).toMatch(/^20260101T102030Z-[a-z0-9]{6}$/);
  expect(new Set(names).size).toBe(50);
});

test.each([
  ["500ms", 500],
  ["30s", 30_000],
  ["1.5m", 90_000],
  ["2h", 7_200_000],
  ["1d", 86_400_000],
  [" 5s ", 5000],
  ["30", undefined],
  ["0s", undefined],
  ["-5s", undefined],
  ["s", undefined],
  ["5 s", undefined],
  ["1e3s", undefined],
  ["", undefined],
])("the duration %j is %s ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test("a list takes commas and repetitions", () => {
  expect(commaList("b, c,,", commaList("a"))).toEqual(["a", "b", "c"]);
});

test("a near word is suggested, a far one is not", () => {
  expect(near("nigthly", ["weekly", "nightly"])).toBe("nightly");
  expect(near("zzz", ["weekly", "nightly"])).toBeUndefined();
  expect(near("x".repeat(100_000), ["weekly"])).toBeUndefined();
});
