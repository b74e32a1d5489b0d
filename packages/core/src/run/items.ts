import type { Mode } from "../capability/capability.ts";
import type { ProviderError } from "../error/provider-error.ts";
import type { StepEnd } from "../event/event.ts";
import type { Consistency } from "../model/artefact.ts";
import type { InstanceId } from "../model/id.ts";
import { isCovered } from "./covered.ts";
import type { PlannedTarget, Step } from "../plan/plan.ts";
import type { Operation } from "../vocabulary/operation.ts";
import { notesOf } from "./notes-of.ts";
import type { PlanIndex } from "./plan-index.ts";
import { isOwed, type RunState } from "./run-state.ts";
import { undoKey } from "./undo-key.ts";
import type { Item } from "./item.ts";

/** All that was to be done is there, as it was asked for or less, and nothing is owed for it. */
export const isWhole = (index: PlanIndex, state: RunState): boolean =>
  ![...state.debts.values()].some(isOwed) &&
  itemsOf(index, state).every(({ status }) => status === "succeeded" || status === "skipped" || status === "degraded");

/** One row per instance and cell of the plan, in the plan's order; then what was left out. */
export const itemsOf = (index: PlanIndex, state: RunState): readonly Item[] => {
  const windows = windowsOf(state);
  const rows: Item[] = [];
  for (const step of index.steps.values()) {
    // A create is two steps and one row: the bytes' end decides, unless the capture already failed.
    if (step.does === "complete" || step.does === "prepare" || step.does === "release") continue;
    const end = endOfRow(index, state, step);
    for (const row of rowsOf(step, end, windows))
      rows.push(end === undefined ? unfinished(row, state, step) : asDone(asDemanded(row, index, step), state, step));
  }
  for (const { instance, kind, operation, mode, reason } of index.plan.omitted)
    rows.push({ instance, kind, operation, mode, status: "skipped", reason, artefacts: [] });
  return rows;
};

/** A step whose taking back failed is neither done nor undone, as far as anybody knows. */
const asDone = (row: Item, { steps }: RunState, { key }: Step): Item => {
  const undo = steps.get(undoKey(key))?.end;
  return row.status === "succeeded" && (undo?.as === "failed" || undo?.as === "in-doubt")
    ? { ...row, status: "failed", reason: `taking it back failed: ${undo.error.message}`, code: undo.error.code }
    : row;
};

const asDemanded = (row: Item, index: PlanIndex, step: Step): Item =>
  row.status === "succeeded" && row.consistency === "crash" && index.demandsFreeze(step)
    ? {
        ...row,
        status: "degraded",
        reason: "its guest did not stay frozen until the content was fixed: as after a crash",
      }
    : row;

const endOfRow = (index: PlanIndex, state: RunState, step: Step): StepEnd | undefined => {
  const own = state.steps.get(step.key);
  const end = own?.end ?? failedPreparation(index, state, step);
  const complete = index.completeOf.get(step.key);
  const last = complete === undefined || end?.as !== "succeeded" ? end : state.steps.get(complete.key)?.end;
  // What went well was there and is not there any more; a failure stays what the row tells.
  return own?.undone === true && last?.as === "succeeded" ? undefined : last;
};

/** A capture that was not begun because what it needs could not be made shows why. */
const failedPreparation = (index: PlanIndex, state: RunState, step: Step): StepEnd | undefined => {
  const prepare = step.does === "capture" ? index.prepareOf.get(step.targets[0].instance) : undefined;
  const end = prepare && state.steps.get(prepare.key)?.end;
  return end?.as === "succeeded" ? undefined : end;
};

/** Why a row has no end. What was captured and not completed is there, and is said to be. */
const unfinished = (row: Item, state: RunState, step: Step): Item => {
  const { end: own, undone, intendedAt } = state.steps.get(step.key) ?? {};
  if (undone === true) return { ...row, status: "undone", reason: "it was taken back" };
  if (own?.as === "succeeded") {
    const artefacts = step.targets.some(({ instance }) => instance === row.instance) ? own.outcome.artefacts : [];
    return {
      ...row,
      status: "failed",
      reason: "it was captured, and the run ended before it was completed",
      artefacts,
    };
  }
  if (state.status === undefined) return row;
  if (intendedAt !== undefined && own === undefined)
    return { ...row, status: "failed", reason: "its process died over it, and what it did is not known" };
  return { ...row, reason: "an earlier step failed, or the run was cancelled" };
};

const rowsOf = (step: Step, end: StepEnd | undefined, windows: ReadonlyMap<InstanceId, number>): readonly Item[] => {
  const rowOf = ({ instance, kind }: Pick<PlannedTarget, "instance" | "kind">, mode: Item["mode"]): Item => {
    const window = windows.get(instance);
    return {
      instance,
      kind,
      operation: step.operation,
      mode,
      ...verdictOf(end),
      ...consistencyOf(step.operation, end),
      ...(window === undefined || !showsWindow(step.operation) ? {} : { freezeWindowMs: window }),
      artefacts: end?.as === "succeeded" ? end.outcome.artefacts : [],
    };
  };
  return [
    ...step.targets.map((target): Item => ({ ...rowOf(target, modeOf(step)), ...notesIn(step, end) })),
    ...step.covers.map((covered): Item => {
      const row = { ...rowOf(covered, covered.mode), artefacts: [] };
      const inside = end?.as !== "succeeded" || isCovered(step, covered, end.outcome);
      return inside ? row : { ...row, status: "failed", reason: `${step.title} did not cover it.` };
    }),
  ];
};

const notesIn = (step: Step, end: StepEnd | undefined): Pick<Item, "notes"> => {
  const notes = end?.as === "succeeded" ? notesOf(step, end.outcome) : [];
  return notes.length === 0 ? {} : { notes };
};

const modeOf = (step: Step): Mode | "bound" => {
  if (step.does === "call") return "bound";
  return step.does === "compare" ? "by-compare" : "supported";
};

const verdictOf = (end: StepEnd | undefined): Pick<Item, "status" | "reason" | "code" | "drift"> => {
  if (end === undefined) return { status: "not-run" };
  switch (end.as) {
    case "succeeded":
      return { status: "succeeded" };
    case "compared":
      return end.drift.length === 0
        ? { status: "succeeded" }
        : { status: "drifted", reason: `${end.drift.length} difference(s), nothing was changed`, drift: end.drift };
    case "failed":
      return { status: end.error.code === "not-found" ? "missing" : "failed", ...whyOf(end.error) };
    case "in-doubt":
      return { status: "failed", ...whyOf(end.error) };
    case "skipped":
      return end.reason === "cancelled"
        ? { status: "cancelled" }
        : { status: "not-run", reason: end.reason === "doomed" ? "an earlier step failed" : "nothing was owed" };
  }
};

const whyOf = ({ message, code }: ProviderError): Pick<Item, "reason" | "code"> => ({ reason: message, code });

const consistencyOf = (operation: Operation, end: StepEnd | undefined): { readonly consistency?: Consistency } =>
  operation.endsWith(".create") && end?.as === "succeeded" ? { consistency: end.outcome.consistency ?? "crash" } : {};

const showsWindow = (operation: Operation): boolean => operation.endsWith(".create") || operation === "thaw";

const windowsOf = (state: RunState): ReadonlyMap<InstanceId, number> =>
  new Map(
    [...state.debts.values()].flatMap(({ spec, heldMs }) =>
      heldMs === undefined || spec.harm !== "frozen" ? [] : [[spec.target.instance, heldMs] as const],
    ),
  );
