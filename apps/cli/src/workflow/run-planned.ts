import { exitCodeOfRun, exitCodes, QuiesceError, stepsOf, type Manifest, type RunSummary } from "@quiesce/core";
import { maskingStore } from "../compose/masking-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import type { DeadRunsDebts } from "../recover/pay-before-run.ts";
import { refuseOwed } from "../recover/still-owed.ts";
import { paintWith } from "../render/paint.ts";
import { runDocument } from "../render/run-document.ts";
import { runResult } from "../render/run-result.ts";
import { unlessStopped } from "../signals/listen-for-stops.ts";
import { exitCodeOfSignal, type StopSignal } from "../signals/interruption.ts";
import { confirmPlan } from "./confirm-plan.ts";
import { executePlan, type Execution } from "./execute-plan.ts";
import type { Executed } from "./follow-run.ts";
import { tellFailure } from "./tell-failure.ts";

export interface Permission {
  readonly yes: boolean;
  readonly allow: { readonly partial: boolean; readonly drift: boolean };
  /** The set that is restored. */
  readonly from: Manifest | undefined;
  /** What runs of dead processes owe: their machines are not worked on. */
  readonly debts: DeadRunsDebts;
}

/** Asks where something would be destroyed, runs the plan, prints its result and gives the exit code. */
export const runPlanned = async (
  execution: Execution,
  { yes, allow, from, debts }: Permission,
  invocation: Invocation,
): Promise<number> => {
  const { plan, store, stops } = execution;
  const { output } = invocation;
  refuseOwed(plan, await debts.owed());
  if (stepsOf(plan).length > 0) {
    refusePartialSet(plan.workflow === "restore" ? from : undefined, allow.partial);
    await unlessStopped(confirmPlan(plan, yes, invocation), stops.before);
  }
  const masked = { ...execution, store: maskingStore(store, (text) => output.masked(text)) };
  const executed = await executePlan(masked, output);
  const exitCode = exitCodeOf(executed, allow, stops.received());
  tellResult(executed.summary, exitCode, invocation);
  await tellFailure(executed.summary, execution, store, output);
  return exitCode;
};

const refusePartialSet = (set: Manifest | undefined, allowed: boolean): void => {
  if (set === undefined || set.complete || allowed) return;
  throw new QuiesceError("refused", `The ${set.kind} ${set.name} is not complete: its run did not end well.`, {
    hint: `See what it holds: quiesce backups show ${set.deployment} ${set.name}. Restore it all the same with --allow-partial.`,
  });
};

const tellResult = (summary: RunSummary, exitCode: number, { output }: Invocation): void => {
  const document = runDocument(summary);
  const { format, color } = output.settings;
  output.document(
    format === "ndjson" ? { schema: "quiesce.event/1", type: "result", result: document, exitCode } : document,
  );
  output.result(runResult(summary, paintWith(color)));
};

/** A guest that may be frozen wins over all, then what is still held; then what stopped the run, unless all was done; then the result itself. */
const exitCodeOf = (
  { summary, timedOut }: Executed,
  allow: Permission["allow"],
  signal: StopSignal | undefined,
): number => {
  const code = exitCodeOfRun(summary, allow);
  if (code === exitCodes.mayBeFrozen || code === exitCodes.leftovers || code === exitCodes.done) return code;
  if (signal !== undefined) return exitCodeOfSignal(signal);
  if (timedOut) return exitCodes.deadline;
  return code === exitCodes.partial && allow.partial ? exitCodes.done : code;
};
