import { expect, test } from "vitest";
import { holdBugs } from "./hold-bugs.ts";

test("what a guarded call throws is held: the run is asked to end once, and the first bug comes out at the end", () => {
  let asked = 0;
  const bugs = holdBugs(() => (asked += 1));
  bugs.guard(() => {
    throw new Error("first");
  });
  bugs.guard(() => {
    throw new Error("second");
  });
  expect(asked).toBe(1);
  expect(() => bugs.release()).toThrow("first");
  bugs[Symbol.dispose]();
});

test("without a bug nothing comes out", () => {
  using bugs = holdBugs(() => {});
  bugs.guard(() => {});
  expect(() => bugs.release()).not.toThrow();
});
