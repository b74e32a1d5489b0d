import type { DeploymentId } from "@quiesce/core";
import { Interruption } from "../signals/interruption.ts";
import { foundLines, nameOf } from "./found.ts";
import { payAll } from "./pay-all.ts";
import type { RecoveryTools } from "./recovery-tools.ts";
import { stillOwed, type StillOwed } from "./still-owed.ts";
import { owedBy, unfinishedRuns, type Unfinished } from "./unfinished.ts";

/**
 * Before a new run: pays what runs owe whose process is gone, and names those of the same deployment that have not
 * ended. Gives what is owed still; it must not keep a run from starting that has nothing to do with it.
 */
export const payBeforeRun = async (deployment: DeploymentId, tools: RecoveryTools): Promise<readonly StillOwed[]> => {
  const { store, stops, invocation } = tools;
  const dead = (await unfinishedRuns(store, Date.now())).filter(({ life }) => life.is === "gone");
  const owing = dead.filter((run) => owedBy(run).length > 0);
  for (const line of owing.flatMap((run) => foundLines(run, Date.now()))) invocation.output.warn(line);
  await payAll(owing.filter(isPayable), tools);
  const signal = stops.received();
  if (signal !== undefined)
    throw new Interruption(signal, "Stopped before the run began; debts of dead runs were paid as far as possible.");
  const left = await stillOwed(owing, store);
  for (const { instance, run, harm } of left)
    invocation.output.warn(`Run ${run} still owes something: ${instance} may be ${harm}. Next: quiesce recover ${run}`);
  for (const run of dead.filter((one) => isOpenOf(one, deployment)))
    invocation.output.warn(`${nameOf(run)}, has not ended, and its process is gone: quiesce recover ${run.record.run}`);
  return left;
};

/** What a capture holds is given back when its run is brought to its end. */
const isPayable = (run: Unfinished): boolean =>
  run.record.settledAt !== undefined || owedBy(run).some(({ spec }) => spec.harm !== "held");

const isOpenOf = ({ record }: Unfinished, deployment: DeploymentId): boolean =>
  record.settledAt === undefined && record.deployment === deployment;
