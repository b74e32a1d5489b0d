import type { Outcome } from "../model/artefact.ts";
import type { Step } from "../plan/plan.ts";

/** What the user should read of a step that is done: why a backup was a full one, and what its handler noted. */
export const notesOf = ({ input }: Pick<Step, "input">, { notes = [] }: Outcome): readonly string[] => {
  const { why } = input;
  return [...(typeof why === "string" ? [`full, because ${why}`] : []), ...notes];
};
