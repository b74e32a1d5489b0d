import * as fc from "fast-check";
import { expect, test } from "vitest";
import { matchesGlob } from "./glob.ts";

test.each([
  ["web-*", "web-1", true],
  ["web-*", "web-", true],
  ["web-*", "xweb-1", false],
  ["*", "", true],
  ["", "", true],
  ["", "a", false],
  ["w?b", "web", true],
  ["w?b", "wb", false],
  ["?", "😀", true],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a.c", "abc", false],
  ["[ab]", "a", false],
  ["WEB", "web", false],
])("%s against %s: %s", (pattern, text, fits) => expect(matchesGlob(pattern, text)).toBe(fits));

test("agrees with a regular expression", () => {
  const small = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "."), maxLength: 8 });
  fc.assert(
    fc.property(small, fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 10 }), (pattern, text) => {
      const source = pattern.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
      expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 2_000 },
  );
});

test("a pattern of many stars takes no time", () => {
  const before = process.threadCpuUsage();
  expect(matchesGlob("*a".repeat(200), "a".repeat(199).concat("b".repeat(2_000)))).toBe(false);
  expect(process.threadCpuUsage(before).user).toBeLessThan(500_000);
});
