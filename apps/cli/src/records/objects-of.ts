import { stepsOf, type Plan } from "@quiesce/core";

/** Provider ids of everything that a plan's steps work on or cover; a service stands by its own name. */
export const objectsOf = (plan: Plan): ReadonlySet<string> =>
  new Set(stepsOf(plan).flatMap(({ targets, covers }) => [...targets, ...covers].map(({ providerId }) => providerId)));
