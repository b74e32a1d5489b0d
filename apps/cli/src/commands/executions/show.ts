import { exitCodeOfRun, indexPlan, summarize, type RunSummary } from "@quiesce/core";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { findRun, noRuns } from "../../records/find-run.ts";
import { isUnfinished } from "../../recover/unfinished.ts";
import { paintWith } from "../../render/paint.ts";
import { runDocument } from "../../render/run-document.ts";
import { runResult } from "../../render/run-result.ts";
import { processLines, processOf, type RunProcess } from "../../render/run-process.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[run]", "id of the run or its beginning; by default the newest")
    .option("--exit-code", "exit as the run itself exited")
    .action(async (run: string | undefined, { exitCode }: { readonly exitCode?: boolean }) => {
      const summary = await show(run, invocation);
      if (exitCode === true) invocation.exitCode = exitCodeOfRun(summary);
    });
};

interface Shown {
  readonly summary: RunSummary;
  /** Of a run that has not ended, or that owes something. */
  readonly process?: RunProcess;
}

const show = async (wanted: string | undefined, invocation: Invocation): Promise<RunSummary> => {
  const { summary, process } = await withStoreIfAny(
    invocation,
    () => Promise.reject<Shown>(noRuns()),
    async (store): Promise<Shown> => {
      const record = await findRun(store, wanted);
      const loaded = await store.load(record.run);
      if (loaded === undefined) throw noRuns();
      const summary = summarize(indexPlan(loaded.plan), record.run, await store.state(record.run));
      return isUnfinished(record) ? { summary, process: processOf(record, Date.now()) } : { summary };
    },
  );
  const { output } = invocation;
  output.document({ ...runDocument(summary), ...(process === undefined ? {} : { process }) });
  output.result(runResult(summary, paintWith(output.settings.color)));
  if (process !== undefined) output.result(["", ...processLines(summary, process)].join("\n"));
  return summary;
};
