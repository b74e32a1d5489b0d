import { expect, test } from "vitest";
import { near } from "./near.ts";

test.each([
  ["wbe", ["web"]],
  ["we", ["web"]],
  ["webb", ["web"]],
  ["WEB", ["web"]],
  ["database", ["databases", "databse"]],
  ["x", []],
])("%s suggests %j", (name, expected) => {
  expect(near(name, ["web", "log", "databases", "databse"])).toEqual(expected);
});

test("at most three are suggested, the nearest first", () => {
  expect(near("node-1", ["node-4", "node-3", "node-2", "node-22", "node-11"])).toEqual(["node-11", "node-2", "node-3"]);
});
