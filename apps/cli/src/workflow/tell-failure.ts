import { indexPlan, isOwed, type Deployment, type Plan, type RunSummary } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import type { Output } from "../invocation/output.ts";
import { byHand } from "../render/by-hand.ts";
import { failureReport } from "../render/failure-report.ts";

/** Tells on stderr what failed, what is frozen now and the next command; nothing of a run that is well. */
export const tellFailure = async (
  summary: RunSummary,
  { plan, deployment }: { readonly plan: Plan; readonly deployment: Deployment },
  store: StateStore,
  output: Output,
): Promise<void> => {
  const state = await store.state(summary.runId);
  const named = plan.backup === undefined ? [] : await store.catalogue.find(plan.deployment, plan.backup.name);
  const facts = {
    index: indexPlan(plan),
    state,
    summary,
    set: named.find(({ kind }) => kind === plan.backup?.kind),
    byHand: [...state.debts.values()].filter(isOwed).map((debt) => byHand(debt, deployment)),
  };
  for (const line of failureReport(facts)) output.warn(line);
};
