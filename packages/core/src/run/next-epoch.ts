import type { DebtKey, StepKey } from "../model/id.ts";
import type { Step } from "../plan/plan.ts";
import type { Drive } from "./drive.ts";
import type { Window } from "./engine.ts";
import type { DebtState, RunState, StepState } from "./run-state.ts";
import { discardCapture } from "./take-back-step.ts";
import { epochOf, isBroken, isCapture } from "./window.ts";

/** See `Engine.epoch`. A capture that cannot be taken back keeps the window from being repeated; it is told as it is. */
export const nextEpoch = async (drive: Drive, { steps, redo }: Window): Promise<number> => {
  const known = await knownOf(drive, steps);
  const now = epochOf(steps, known);
  if (now >= redo || !isBroken(steps, known, now)) return now;
  if ((await drive.store.cancelled(drive.run)) !== "none") return now;
  const taken = await Promise.all(
    steps.filter(isCapture).map((step) => discardCapture(drive, step, known.steps.get(step.key), "repeat")),
  );
  return taken.every(({ as }) => as === "succeeded" || as === "skipped") ? now + 1 : now;
};

/** What the journal says of these steps, at the cost of these steps. */
const knownOf = async ({ store, run }: Drive, all: readonly Step[]): Promise<Pick<RunState, "steps" | "debts">> => {
  const steps = new Map<StepKey, StepState>();
  const debts = new Map<DebtKey, DebtState>();
  for (const step of all) {
    const state = await store.step(run, step.key);
    if (state !== undefined) steps.set(step.key, state);
    const key = "owes" in step ? step.owes?.key : undefined;
    const debt = key && (await store.debt(run, key));
    if (debt !== undefined) debts.set(debt.spec.key, debt);
  }
  return { steps, debts };
};
