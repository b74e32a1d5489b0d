import { QuiesceError, systemClock, type RunId } from "@quiesce/core";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { findRun, noRuns } from "../../records/find-run.ts";
import { lifeOf, type Life } from "../../worker/run-life.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("<run>", "id of the run or its beginning")
    .option("--force", "also abandon calls in flight; what is frozen is still thawed")
    .action((run: string, { force }: { readonly force?: boolean }) => cancel(run, force === true, invocation));
};

const cancel = async (wanted: string, force: boolean, invocation: Invocation): Promise<void> => {
  const { output } = invocation;
  const { run, life } = await withStoreIfAny(
    invocation,
    () => Promise.reject<{ readonly run: RunId; readonly life: Life }>(noRuns()),
    async (store) => {
      const record = await findRun(store, wanted);
      if (record.settledAt !== undefined)
        throw new QuiesceError("refused", `Run ${record.run} has ended already, as ${record.status}.`, {
          hint: `See it: quiesce executions show ${record.run}`,
        });
      await store.requestCancel(record.run, force ? "hard" : "soft", systemClock.now());
      return { run: record.run, life: lifeOf(record, Date.now()) };
    },
  );
  output.document({ schema: "quiesce.cancel/1", run, mode: force ? "hard" : "soft", process: life.is });
  output.result(`Run ${run} is asked to stop. ${next[life.is](run)}`);
};

/** A process that is gone cannot stop; the request is kept, and whoever recovers the run only ends it. */
const next = {
  works: (run: RunId) => `Follow it: quiesce executions events ${run} --follow`,
  leased: (run: RunId) =>
    `Follow it: quiesce executions events ${run} --follow. If its process died, end it: quiesce recover ${run}`,
  gone: (run: RunId) => `Its process is gone; end it: quiesce recover ${run}`,
} as const satisfies Record<Life["is"], (run: RunId) => string>;
