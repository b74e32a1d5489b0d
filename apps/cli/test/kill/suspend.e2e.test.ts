import { expect, test } from "vitest";
import { pointsOf } from "./points-of.ts";
import { goneOnWith, onTheWay, suspend, takenBack } from "./stories.ts";

const timeout = 600_000;

test("a suspend that is killed at any point ends as if it had not been", { timeout }, async () => {
  expect(await pointsOf(await goneOnWith(suspend))).toBeGreaterThan(40);
});

test("a suspend that is killed while a call is on its way", { timeout }, async () => {
  expect(await pointsOf({ ...onTheWay(await goneOnWith(suspend)), every: 3 })).toBeGreaterThan(2);
});

test("a suspend that is killed and taken back: every machine runs", { timeout }, async () => {
  expect(await pointsOf({ ...(await takenBack(suspend)), every: 3 })).toBeGreaterThan(10);
});
