import type { RunSummary } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { paintWith } from "../render/paint.ts";
import { runDocument } from "../render/run-document.ts";
import { runResult } from "../render/run-result.ts";
import { tellFailure } from "../workflow/tell-failure.ts";
import { foundOf, nameOf } from "./found.ts";
import { exitCodeOfRecovered, worstOf, type Recovered } from "./recovered.ts";

/** Prints what was found and what was done, and gives the exit code: the worst of all runs'. */
export const tellRecovery = async (
  recovered: readonly Recovered[],
  store: StateStore | undefined,
  { output }: Invocation,
): Promise<number> => {
  const exitCode = worstOf(recovered.map(exitCodeOfRecovered));
  const document = { schema: "quiesce.recovery/1", runs: recovered.map(documentOf), exitCode };
  const { format, color } = output.settings;
  output.document(
    format === "ndjson" ? { schema: "quiesce.event/1", type: "result", result: document, exitCode } : document,
  );
  if (recovered.length === 0) output.result("Nothing to recover: every run has ended, and nothing is owed.");
  for (const one of recovered) {
    output.result(`${nameOf(one.run)}: ${said(one)}`);
    if (isEnded(one)) output.result(runResult(one.summary, paintWith(color)));
  }
  for (const one of recovered) {
    for (const line of next(one)) output.warn(line);
    const { index, deployment } = one.run;
    const owes = one.run.life.is === "gone" && one.summary.frozen.length + one.summary.held.length > 0;
    if (store !== undefined && (isEnded(one) || owes))
      await tellFailure(one.summary, { plan: index.plan, deployment }, store, output);
  }
  return exitCode;
};

const isEnded = ({ did, summary }: Recovered): boolean =>
  (did === "continued" || did === "taken-back") && summary.status !== "running";

const said = (one: Recovered): string => {
  switch (one.did) {
    case "continued":
      return isEnded(one) ? `taken over, ${one.summary.status}` : stuck;
    case "taken-back":
      return isEnded(one) ? `taken over, and what it did was taken back; ${one.summary.status}` : stuck;
    case "debts-paid":
      return paid(one.summary);
    case "left":
      return `left as it is: ${one.reason}`;
  }
};

const paid = ({ status, frozen, held }: RunSummary): string => {
  if (frozen.length > 0) return "what it owes could not all be paid";
  if (status !== "running") return "what it owed was paid";
  return `what it owes was paid; it has not ended${held.length === 0 ? "" : ", and what it holds stays until then"}`;
};

const stuck = "what it owes could not be paid, so nothing else was done";

/** The commands that decide about a run that has not ended. */
const next = (one: Recovered): readonly string[] => {
  if (isEnded(one) || one.summary.status !== "running") return [];
  const run = one.run.record.run;
  if (one.did === "left" && one.run.life.is !== "gone") return one.hint === undefined ? [] : [one.hint];
  return [
    ...(one.did === "left" && one.hint !== undefined ? [one.hint] : []),
    `Go on with it: quiesce recover ${run} --policy continue`,
    `Take back what it did: quiesce recover ${run} --policy compensate`,
  ];
};

const documentOf = (one: Recovered): object => {
  const { workflow, deployment, backup } = one.summary;
  return {
    runId: one.run.record.run,
    workflow,
    deployment,
    ...(backup === undefined ? {} : { backup }),
    found: foundOf(one.run),
    did: one.did,
    ...(one.did === "left" ? { reason: one.reason } : {}),
    result: runDocument(one.summary),
    exitCode: exitCodeOfRecovered(one),
  };
};
