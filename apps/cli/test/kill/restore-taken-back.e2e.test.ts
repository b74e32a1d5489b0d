import { expect, test } from "vitest";
import { pointsOf } from "./points-of.ts";
import { restore, takenBack } from "./stories.ts";

const timeout = 900_000;

/** What an undo leaves: the mark that says so, and, where the machine was stopped, no record of changes of its old disks. */
const lawful = /^there is: \S+: definition <metadata><quiesce:undone |^there is not: \S+: checkpoint /;

test("a restore that is killed at any point and taken back leaves all as it was", { timeout }, async () => {
  const story = await takenBack(restore);
  const faults: typeof story.faults = async (world, recovered) =>
    (await story.faults(world, recovered)).filter((fault) => !lawful.test(fault));
  expect(await pointsOf({ ...story, faults, every: 13 })).toBeGreaterThan(4);
});
