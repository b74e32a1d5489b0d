import { QuiesceError, type RunRecord } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";

/** The run with this id, or with an id that starts so; without one, the newest. */
export const findRun = async (store: StateStore, wanted: string | undefined): Promise<RunRecord> => {
  const runs = await store.runs({});
  const [newest] = runs;
  if (newest === undefined) throw noRuns();
  if (wanted === undefined) return newest;
  const matches = runs.filter(({ run }) => run.startsWith(wanted));
  const exact = matches.find(({ run }) => run === wanted) ?? (matches.length === 1 ? matches[0] : undefined);
  if (exact !== undefined) return exact;
  if (matches.length > 1)
    throw new QuiesceError("not-found", `"${wanted}" fits ${matches.length} runs: ${some(matches)}.`, {
      hint: "Give more of the id.",
    });
  throw new QuiesceError("not-found", `There is no run "${wanted}". The newest are ${some(runs)}.`, {
    hint: "List them with: quiesce executions list",
  });
};

export const noRuns = (): QuiesceError =>
  new QuiesceError("not-found", "There are no runs in this store.", {
    hint: "quiesce config show --origin tells where the store is looked for.",
  });

const some = (runs: readonly RunRecord[]): string =>
  runs
    .slice(0, 5)
    .map(({ run }) => run)
    .join(", ");
