import { expect, test } from "vitest";
import { readPolicy } from "./read-policy.ts";

test("rules as typed", () => {
  expect(readPolicy({ keepLast: "3", keepDaily: "7", keepWithin: "72h" })).toEqual({
    keepLast: 3,
    keepDaily: 7,
    keepWithinMs: 259_200_000,
  });
});

test("a rule that would keep nothing, or no rule at all, is refused", () => {
  expect(() => readPolicy({})).toThrow("nothing is pruned without a rule");
  for (const text of ["0", "-1", "1.5", "seven", "", "1e3", "99999999"])
    expect(() => readPolicy({ keepLast: text })).toThrow("--keep-last");
  expect(() => readPolicy({ keepWithin: "3" })).toThrow("not a duration");
});
