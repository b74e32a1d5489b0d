import type { Outcome } from "../model/artefact.ts";
import type { Covered, Step } from "../plan/plan.ts";

/** Was this instance really inside? Another name of the step's own target is; a volume must be named by the outcome. */
export const isCovered = (step: Pick<Step, "targets">, { providerId }: Covered, outcome: Outcome): boolean =>
  isTarget(step, providerId) || outcome.covered.includes(providerId);

export const isTarget = ({ targets }: Pick<Step, "targets">, providerId: string): boolean =>
  targets.some((target) => target.providerId === providerId);
