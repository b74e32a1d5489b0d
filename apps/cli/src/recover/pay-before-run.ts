import type { Deployment, ProviderName } from "@quiesce/core";
import { Interruption } from "../signals/interruption.ts";
import { foundLines, nameOf } from "./found.ts";
import { payAll } from "./pay-all.ts";
import type { RecoveryTools } from "./recovery-tools.ts";
import { stillOwed, type StillOwed } from "./still-owed.ts";
import { owedBy, unfinishedRuns, type Unfinished } from "./unfinished.ts";

/** The debts of dead runs while a new run is begun. Disposing waits for payments that have not ended yet. */
export interface DeadRunsDebts extends AsyncDisposable {
  /** What is owed just now. */
  owed(): Promise<readonly StillOwed[]>;
}

export const noDebts: DeadRunsDebts = {
  owed: () => Promise.resolve([]),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/**
 * Before a new run: pays what runs owe whose process is gone, and names those of the same deployment that have not
 * ended. Resolves when all is paid, as far as that is possible, that concerns one of the deployment's own providers;
 * the others' payments go on meanwhile, so that a host that does not answer keeps no other deployment's run.
 */
export const payBeforeRun = async (deployment: Deployment, tools: RecoveryTools): Promise<DeadRunsDebts> => {
  const { store, stops, invocation } = tools;
  const { output } = invocation;
  const dead = (await unfinishedRuns(store, Date.now())).filter(({ life }) => life.is === "gone");
  const owing = dead.filter((run) => owedBy(run).length > 0);
  for (const line of owing.flatMap((run) => foundLines(run, Date.now()))) output.warn(line);
  const payable = owing.filter(isPayable);
  const own = payable.filter((run) => concerns(run, deployment));
  const meanwhile = payAll(
    payable.filter((run) => !own.includes(run)),
    tools,
  );
  let isDone = false;
  // It is waited for later; a bug in it shows then.
  void meanwhile.catch(() => {}).then(() => (isDone = true));
  await payAll(own, tools).catch(async (thrown: unknown) => {
    await meanwhile;
    throw thrown;
  });
  const signal = stops.received();
  if (signal !== undefined) {
    await meanwhile;
    throw new Interruption(signal, "Stopped before the run began; debts of dead runs were paid as far as possible.");
  }
  for (const run of dead.filter((one) => isOpenOf(one, deployment)))
    output.warn(`${nameOf(run)}, has not ended, and its process is gone: quiesce recover ${run.record.run}`);
  return {
    owed: () => stillOwed(owing, store),
    [Symbol.asyncDispose]: async () => {
      if (!isDone) output.note("Waiting for the payments of what dead runs of other providers owe.");
      await meanwhile;
      for (const { instance, run, harm } of await stillOwed(owing, store))
        output.warn(`Run ${run} still owes something: ${instance} may be ${harm}. Next: quiesce recover ${run}`);
    },
  };
};

/** What a capture holds is given back when its run is brought to its end. */
const isPayable = (run: Unfinished): boolean =>
  run.record.settledAt !== undefined || owedBy(run).some(({ spec }) => spec.harm !== "held");

const isOpenOf = ({ record }: Unfinished, deployment: Deployment): boolean =>
  record.settledAt === undefined && record.deployment === deployment.id;

const concerns = (run: Unfinished, deployment: Deployment): boolean => {
  const ours = new Set(providersOf(deployment));
  return run.record.deployment === deployment.id || providersOf(run.deployment).some((one) => ours.has(one));
};

const providersOf = ({ providers }: Deployment): readonly string[] =>
  (Object.keys(providers) as ProviderName[]).map((name) =>
    JSON.stringify([providers[name]?.plugin, providers[name]?.config]),
  );
