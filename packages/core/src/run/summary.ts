import type { ProviderErrorCode } from "../error/provider-error.ts";
import type { Leftover, RunStatus } from "../event/event.ts";
import type { DeploymentId, InstanceId, RunId } from "../model/id.ts";
import type { Harm } from "../plugin/survey.ts";
import type { BackupKind, Operation, Workflow } from "../vocabulary/operation.ts";
import { isOwed, type RunState } from "./run-state.ts";
import type { PlanIndex } from "./plan-index.ts";
import type { Item } from "./item.ts";
import { itemsOf } from "./items.ts";

/** The result of a run as users and scripts read it: one row per instance and cell. */
export interface RunSummary {
  readonly schema: "quiesce.run/1";
  readonly runId: RunId;
  readonly workflow: Workflow;
  readonly deployment: DeploymentId;
  readonly status: RunStatus | "running";
  readonly backup?: { readonly name: string; readonly id: string; readonly kind: BackupKind };
  readonly instances: readonly Item[];
  /** What ended the run beside its steps. */
  readonly error?: { readonly code: ProviderErrorCode; readonly message: string };
  /** Debts that are still owed: guests that may be frozen. */
  readonly frozen: readonly InstanceId[];
  /** Jobs and scratch space that captures may still hold at a provider. */
  readonly held: readonly InstanceId[];
  /** What the run made, and neither keeps nor could remove. */
  readonly leftovers: readonly Leftover[];
}

/** Folds a run's state into its result. Pure: the same while it runs, at its end and a year later. */
export const summarize = (index: PlanIndex, run: RunId, state: RunState): RunSummary => {
  const { plan } = index;
  const instances = itemsOf(index, state);
  return {
    schema: "quiesce.run/1",
    runId: run,
    workflow: plan.workflow,
    deployment: plan.deployment,
    status: state.status ?? "running",
    ...(plan.backup === undefined
      ? {}
      : { backup: { name: plan.backup.name, id: plan.backup.id ?? run, kind: plan.backup.kind } }),
    instances,
    ...(state.error === undefined ? {} : { error: { code: state.error.code, message: state.error.message } }),
    frozen: owedBy(state, "frozen"),
    held: owedBy(state, "held"),
    leftovers: state.leftovers ?? [],
  };
};

const owedBy = ({ debts }: RunState, harm: Harm): readonly InstanceId[] =>
  [...debts.values()].filter((debt) => isOwed(debt) && debt.spec.harm === harm).map(({ spec }) => spec.target.instance);

/** The status of a whole run: any row that is not well keeps it from `succeeded`. */
export const statusOf = (index: PlanIndex, state: RunState): RunStatus => {
  const items = itemsOf(index, state);
  const bad = items.filter(({ status }) => status !== "succeeded" && status !== "skipped");
  if (state.cancel !== "none" && bad.length > 0) return "cancelled";
  const owed = [...state.debts.values()].some(isOwed);
  if (bad.length === 0 && !owed) return "succeeded";
  const isThere = ({ status }: Item): boolean => status === "succeeded" || status === "degraded";
  return items.some((item) => isThere(item) && isWork(item.operation)) ? "partial" : "failed";
};

/** Freeze and thaw serve the work; alone they are no result. */
const isWork = (operation: Operation): boolean => operation !== "freeze" && operation !== "thaw";
