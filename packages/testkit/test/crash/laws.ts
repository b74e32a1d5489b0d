import { contentLaws } from "./content-laws.ts";
import { frozenLaws } from "./frozen-laws.ts";
import type { Law } from "./law.ts";
import type { Played } from "./play.ts";
import { resultLaws } from "./result-laws.ts";
import { takenBackLaws } from "./taken-back-laws.ts";
import { worldLaws } from "./world-laws.ts";

const laws: Readonly<Record<string, Law>> = {
  ...frozenLaws,
  ...resultLaws,
  ...worldLaws,
  ...contentLaws,
  ...takenBackLaws,
};

/** The laws that a run broke, with how. */
export const brokenBy = async (
  played: Played,
  more: Readonly<Record<string, Law>> = {},
): Promise<readonly string[]> => {
  const broken: string[] = [];
  for (const [name, law] of Object.entries({ ...laws, ...more }))
    broken.push(...(await law(played)).map((how) => `${name}: ${how}`));
  return broken;
};
