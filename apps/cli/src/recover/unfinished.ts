import {
  indexPlan,
  isOwed,
  type DebtState,
  type Deployment,
  type PlanIndex,
  type RunRecord,
  type RunState,
} from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { lifeOf, type Life } from "../worker/run-life.ts";

/** A run that has not ended, or that ended and owes something. */
export interface Unfinished {
  readonly record: RunRecord;
  readonly life: Life;
  readonly index: PlanIndex;
  readonly deployment: Deployment;
  readonly state: RunState;
}

export const isUnfinished = ({ settledAt, openDebts }: RunRecord): boolean => settledAt === undefined || openDebts > 0;

/** Oldest first. */
export const unfinishedRuns = async (store: StateStore, nowMs: number): Promise<readonly Unfinished[]> => {
  const records = (await store.runs({})).filter(isUnfinished).toReversed();
  return (await Promise.all(records.map((record) => unfinished(store, record, nowMs)))).flat();
};

export const unfinished = async (
  store: StateStore,
  record: RunRecord,
  nowMs: number,
): Promise<readonly Unfinished[]> => {
  const loaded = await store.load(record.run);
  if (loaded === undefined) return [];
  const { plan, deployment } = loaded;
  const state = await store.state(record.run);
  return [{ record, life: lifeOf(record, nowMs), index: indexPlan(plan), deployment, state }];
};

export const owedBy = ({ state }: Pick<Unfinished, "state">): readonly DebtState[] =>
  [...state.debts.values()].filter(isOwed);
