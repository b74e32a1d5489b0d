import { expect, test } from "vitest";
import { pointsOf } from "./points-of.ts";
import { backupStory, onTheWay, smallBackup, takenBack } from "./stories.ts";

// Minutes, not seconds: hundreds of processes are started, one after the other.
const timeout = 1_500_000;

test("a backup that is killed at any point: one recovery, and all is as if it had not been", { timeout }, async () => {
  expect(await pointsOf(await backupStory())).toBeGreaterThan(170);
});

test("a backup that is killed while a call is on its way", { timeout }, async () => {
  expect(await pointsOf({ ...onTheWay(await backupStory()), every: 8 })).toBeGreaterThan(4);
});

test("a backup that is killed and taken back leaves nothing", { timeout }, async () => {
  expect(await pointsOf({ ...(await takenBack(smallBackup)), every: 6 })).toBeGreaterThan(10);
});
