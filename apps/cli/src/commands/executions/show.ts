import { exitCodeOfRun, indexPlan, summarize, type RunSummary } from "@quiesce/core";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { findRun, noRuns } from "../../records/find-run.ts";
import { paintWith } from "../../render/paint.ts";
import { runDocument } from "../../render/run-document.ts";
import { runResult } from "../../render/run-result.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[run]", "id of the run or its beginning; by default the newest")
    .option("--exit-code", "exit as the run itself exited")
    .action(async (run: string | undefined, { exitCode }: { readonly exitCode?: boolean }) => {
      const summary = await show(run, invocation);
      if (exitCode === true) invocation.exitCode = exitCodeOfRun(summary);
    });
};

const show = async (wanted: string | undefined, invocation: Invocation): Promise<RunSummary> => {
  const summary = await withStoreIfAny(
    invocation,
    () => Promise.reject<RunSummary>(noRuns()),
    async (store) => {
      const { run } = await findRun(store, wanted);
      const loaded = await store.load(run);
      if (loaded === undefined) throw noRuns();
      return summarize(indexPlan(loaded.plan), run, await store.state(run));
    },
  );
  const { output } = invocation;
  output.document(runDocument(summary));
  output.result(runResult(summary, paintWith(output.settings.color)));
  return summary;
};
