import { expect } from "vitest";
import { tryAllPoints, type Story } from "./try-all-points.ts";

/** Points that are tried side by side: a command waits for the disk and for the host half of the time. */
const lanes = 3;

/** Tries all points of a story, tells how many there were, and expects that none of them did any harm. */
export const pointsOf = async (story: Story): Promise<number> => {
  const { points, seconds, faults } = await tryAllPoints(story, lanes);
  const which = story.every === undefined ? "kill points" : `every ${story.every}th point, not counted`;
  console.log(`${story.title}: ${which}: ${points} (${seconds} s)`);
  expect(faults.join("\n\n")).toBe("");
  return points;
};
