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
import { presenceOf } from "../worker/presence.ts";
import { thisWorker } from "../worker/this-worker.ts";

/**
 * Whether a run's process still works. `works`: it is on this machine. `leased`: it works, or died a short while ago
 * somewhere else; its lease ends by itself. `gone`: it provably runs no more (`worker`), or its lease has ended.
 */
export type Life =
  | { readonly is: "works" | "leased"; readonly until: string }
  | { readonly is: "gone"; readonly worker?: string };

export const lifeOf = ({ worker, heldUntil }: RunRecord, nowMs: number): Life => {
  if (heldUntil === undefined || Date.parse(heldUntil) <= nowMs) return { is: "gone" };
  const presence = presenceOf(worker, thisWorker());
  if (presence === "gone") return { is: "gone", worker };
  return { is: presence === "running" ? "works" : "leased", until: heldUntil };
};

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
