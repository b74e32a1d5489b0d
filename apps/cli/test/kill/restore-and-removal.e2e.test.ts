import { expect, test } from "vitest";
import { pointsOf } from "./points-of.ts";
import { goneOnWith, onTheWay, removal, restore } from "./stories.ts";

// Minutes, not seconds: hundreds of processes are started, one after the other.
const timeout = 1_500_000;

test("a restore that is killed at any point ends as if it had not been", { timeout }, async () => {
  expect(await pointsOf(await goneOnWith(restore))).toBeGreaterThan(90);
});

test("a restore that is killed while a call is on its way", { timeout }, async () => {
  expect(await pointsOf({ ...onTheWay(await goneOnWith(restore)), every: 6 })).toBeGreaterThan(3);
});

test("a removal that is killed at any point ends as if it had not been", { timeout }, async () => {
  expect(await pointsOf(await goneOnWith(removal))).toBeGreaterThan(10);
});
