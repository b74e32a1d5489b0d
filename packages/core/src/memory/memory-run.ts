import type { Recorded } from "../event/event.ts";
import type { UnitId } from "../model/id.ts";
import type { NewRun, RunRecord } from "../ports/store.ts";
import { apply, emptyFold, type RunFold } from "../run/apply.ts";
import { indexPlan, type PlanIndex } from "../run/plan-index.ts";
import type { Change } from "../run/change.ts";
import { project } from "../run/project.ts";
import { isOwed } from "../run/run-state.ts";

/** One run in memory: what a database holds in rows. */
export interface MemoryRun {
  readonly given: NewRun;
  readonly index: PlanIndex;
  readonly journal: Recorded[];
  readonly tokens: Map<UnitId | "run", number>;
  fold: RunFold;
  worker: string;
}

/** `given` must be this store's own copy. */
export const memoryRun = (given: NewRun): MemoryRun => {
  const started: Recorded = { type: "run.started", run: given.run, at: given.at, plan: given.plan.digest };
  return {
    given,
    index: indexPlan(given.plan),
    journal: [started],
    tokens: new Map(),
    fold: foldOf([started]),
    worker: given.worker,
  };
};

const foldOf = (events: readonly Recorded[]): RunFold => {
  const fold = emptyFold();
  for (const event of events) apply(fold, event);
  return fold;
};

/** Appends the events and gives what else must change, or throws what `check` throws and leaves the run as it was. */
export const append = (
  run: MemoryRun,
  events: readonly Recorded[],
  check: (changes: readonly Change[]) => void,
): readonly Change[] => {
  try {
    const changes = events.flatMap((event) => {
      apply(run.fold, event);
      return project(run.index, run.fold, event);
    });
    check(changes);
    run.journal.push(...events);
    return changes;
  } catch (error) {
    run.fold = foldOf(run.journal);
    throw error;
  }
};

export const recordOf = ({ given, journal, fold, worker }: MemoryRun, heldUntil: RunRecord["heldUntil"]): RunRecord => {
  const settled = journal.findLast(({ type }) => type === "run.settled");
  return {
    run: given.run,
    workflow: given.plan.workflow,
    deployment: given.plan.deployment,
    startedAt: given.at,
    ...(settled === undefined ? {} : { settledAt: settled.at }),
    status: fold.status ?? "running",
    worker,
    openDebts: [...fold.debts.values()].filter(isOwed).length,
    ...(heldUntil === undefined ? {} : { heldUntil }),
  };
};
