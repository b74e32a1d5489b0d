import { QuiesceError, systemClock } from "@quiesce/core";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { findRun, noRuns } from "../../records/find-run.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("<run>", "id of the run or its beginning")
    .option("--force", "also abandon calls in flight; what is frozen is still thawed")
    .action((run: string, { force }: { readonly force?: boolean }) => cancel(run, force === true, invocation));
};

const cancel = async (wanted: string, force: boolean, invocation: Invocation): Promise<void> => {
  const { output } = invocation;
  const run = await withStoreIfAny(
    invocation,
    () => Promise.reject<string>(noRuns()),
    async (store) => {
      const record = await findRun(store, wanted);
      if (record.settledAt !== undefined)
        throw new QuiesceError("refused", `Run ${record.run} has ended already, as ${record.status}.`, {
          hint: `See it: quiesce executions show ${record.run}`,
        });
      await store.requestCancel(record.run, force ? "hard" : "soft", systemClock.now());
      return record.run;
    },
  );
  output.document({ schema: "quiesce.cancel/1", run, mode: force ? "hard" : "soft" });
  output.result(`Run ${run} is asked to stop. Follow it: quiesce executions events ${run} --follow`);
};
