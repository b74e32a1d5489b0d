import { isQuiesceError, payDebts, summarize, type RunId, type RunSummary } from "@quiesce/core";
import { storedRepository } from "../compose/stored-repository.ts";
import { ndjsonReporter } from "../reporters/ndjson.ts";
import { plainReporter } from "../reporters/plain.ts";
import type { Reporter } from "../reporters/reporter.ts";
import { silentReporter } from "../reporters/silent.ts";
import { goneOf, withPartsOf, type RecoveryTools } from "./recovery-tools.ts";
import { owedBy, type Unfinished } from "./unfinished.ts";

/**
 * Pays what dead runs owe, all side by side: a provider that does not answer does not keep the others' guests frozen.
 * Gives each run as it is then. The runs themselves stay as they are.
 */
export const payAll = async (
  runs: readonly Unfinished[],
  tools: RecoveryTools,
): Promise<ReadonlyMap<RunId, RunSummary>> => {
  const owing = runs.filter((run) => run.life.is === "gone" && owedBy(run).length > 0);
  const paid = await Promise.allSettled(owing.map(async (run) => [run.record.run, await payOne(run, tools)] as const));
  return new Map(
    paid.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    }),
  );
};

const payOne = async (run: Unfinished, tools: RecoveryTools): Promise<RunSummary> => {
  const id = run.record.run;
  const { output } = tools.invocation;
  const { event } = lineReporter(run, tools);
  const repository = await storedRepository(run.index.plan, tools.store, tools.settings);
  try {
    return await withPartsOf(run, repository, tools, (parts) =>
      payDebts({ run: id, ...goneOf(run), onEvent: event }, parts),
    );
  } catch (thrown) {
    // Another process was quicker, or a plugin is missing: what is owed still is told by the run's own state.
    if (!isQuiesceError(thrown)) throw thrown;
    output.warn(`Run ${id}: ${thrown.message}`);
    return summarize(run.index, id, await tools.store.state(id));
  }
};

/** Several runs are told side by side, so nothing moves. */
const lineReporter = ({ index }: Unfinished, { invocation: { output } }: RecoveryTools): Reporter => {
  if (output.settings.format === "ndjson") return ndjsonReporter(output);
  return output.settings.quiet ? silentReporter(output) : plainReporter(index, output);
};
