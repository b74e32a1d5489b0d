import { exitCodes, isOwed, type Harm, type Plan, type RunId } from "@quiesce/core";
import { objectKey, objectsOf } from "../records/objects-of.ts";
import type { StateStore } from "../compose/state-store.ts";
import { Alarm } from "../failure/alarm.ts";
import { byHand } from "../render/by-hand.ts";
import type { Unfinished } from "./unfinished.ts";

/** What a dead run still owes after it was tried to be paid. */
export interface StillOwed {
  readonly run: RunId;
  readonly instance: string;
  /** See `objectKey`. */
  readonly object: string;
  readonly harm: Harm;
  readonly byHand: string;
}

export const stillOwed = async (runs: readonly Unfinished[], store: StateStore): Promise<readonly StillOwed[]> => {
  const states = await Promise.all(runs.map(async (run) => ({ run, state: await store.state(run.record.run) })));
  return states.flatMap(({ run, state }) =>
    [...state.debts.values()].filter(isOwed).map((debt) => ({
      run: run.record.run,
      instance: debt.spec.target.instance,
      object: objectKey(debt.spec.pay.account, debt.spec.target.providerId),
      harm: debt.spec.harm,
      byHand: byHand(debt, run.deployment),
    })),
  );
};

/** A machine that a dead run left frozen, or that it still holds, is not worked on. */
export const refuseOwed = (plan: Plan, owed: readonly StillOwed[]): void => {
  const objects = objectsOf(plan);
  const ours = owed.filter(({ object }) => objects.has(object));
  const [first] = ours;
  if (first === undefined) return;
  const frozen = ours.filter(({ harm }) => harm !== "held");
  const what = ours.map(({ instance, harm, run }) => `${instance} (${harm}, by run ${run})`).join(", ");
  throw new Alarm(
    frozen.length > 0 ? exitCodes.mayBeFrozen : exitCodes.leftovers,
    frozen.length > 0
      ? `ALARM: a dead run's debts could not be paid: ${what}. No run was started.`
      : `A dead run still holds: ${what}. No run was started.`,
    [
      ...frozen.map((one) => `Thaw it by hand: ${one.byHand}`),
      ...[...new Set(ours.map(({ run }) => run))].map((run) => `Bring the run to its end: quiesce recover ${run}`),
    ].join("\n"),
  );
};
