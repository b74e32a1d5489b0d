import { expect, test } from "vitest";
import { pointsOf } from "./points-of.ts";
import { goneOnWith, onTheWay, suspend, takenBack } from "./stories.ts";

// Minutes, not seconds: hundreds of processes are started, one after the other.
const timeout = 1_500_000;

test("a suspend that is killed at any point ends as if it had not been", { timeout }, async () => {
  expect(await pointsOf(await goneOnWith(suspend))).toBeGreaterThan(40);
});

test("a suspend that is killed while a call is on its way", { timeout }, async () => {
  expect(await pointsOf({ ...onTheWay(await goneOnWith(suspend)), every: 3 })).toBeGreaterThan(2);
});

test("a suspend that is killed and taken back leaves nothing, its marks neither", { timeout }, async () => {
  expect(await pointsOf({ ...(await takenBack(suspend)), every: 6 })).toBeGreaterThan(5);
});
