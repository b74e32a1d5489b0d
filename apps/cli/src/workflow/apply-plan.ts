import { isDeepStrictEqual } from "node:util";
import {
  isSome,
  QuiesceError,
  stepsOf,
  type Deployment,
  type Facts,
  type InstanceId,
  type Manifest,
} from "@quiesce/core";
import { connected, type Connected } from "../compose/connect.ts";
import { openDeployment, withSelected, type OpenedDeployment } from "../compose/open-deployment.ts";
import { openStateStore, type StateStore } from "../compose/state-store.ts";
import { repositoryFacts, repositoryFor } from "../compose/open-repository.ts";
import { surveyFor, type Records } from "../compose/survey.ts";
import { closing, settingsOf } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { payBeforeRun } from "../recover/pay-before-run.ts";
import { listenForStops, unlessStopped } from "../signals/listen-for-stops.ts";
import { checkNameIsFree, chooseSet } from "./choose-set.ts";
import { planDrift } from "./plan-drift.ts";
import { readPlan, type PlanFile } from "./plan-file.ts";
import { runPlanned } from "./run-planned.ts";

export interface ApplyFlags {
  readonly yes?: boolean;
  readonly allowPartial?: boolean;
  readonly allowDrift?: boolean;
  readonly timeout?: string;
}

/** Runs a saved plan exactly as it was shown, or refuses it with what has changed since. */
export const applyPlan = async (path: string, flags: ApplyFlags, invocation: Invocation): Promise<number> => {
  const file = await readPlan(path, invocation);
  const settings = await settingsOf(invocation, flags.timeout === undefined ? {} : { timeoutMs: flags.timeout });
  const stops = listenForStops();
  try {
    return await closing(await unlessStopped(openStateStore(settings.stateDir), stops.before), async (store) => {
      const opened = await openDeployment(file.file, invocation, store);
      await using debts = await payBeforeRun(opened.deployment, { store, settings, invocation, stops });
      const from = await setOf(file, store);
      const repository = await repositoryFor(file.plan, from, settings, "make");
      const place = await repositoryFacts(repository, file.plan, settings, stops.before);
      return await connected(opened.deployment, invocation, stops.before, async (providers) => {
        const { deployment, facts } = await unlessStopped(
          stillTrue(file, opened, from, providers, { store, repository: place }, stops.before),
          stops.before,
        );
        const { plan } = file;
        const { fleet } = providers;
        const { limits } = facts;
        return await runPlanned(
          { plan, deployment, limits, store, fleet, repository, stops, timeoutMs: settings.timeoutMs, rollback: false },
          {
            yes: flags.yes === true,
            allow: { partial: flags.allowPartial === true, drift: flags.allowDrift === true },
            from,
            debts,
          },
          invocation,
        );
      });
    });
  } finally {
    stops.close();
  }
};

/** The set that the plan works on must still be there, and the one that it makes must not. */
const setOf = async ({ plan }: PlanFile, { catalogue }: StateStore): Promise<Manifest | undefined> => {
  const { workflow, deployment, backup } = plan;
  // What is taken back or kept is in the plan: its set may be gone by now.
  if (backup === undefined || stepsOf(plan).some(({ does }) => does === "undo" || does === "commit")) return undefined;
  if (workflow === "backup") {
    await checkNameIsFree(catalogue, deployment, backup.name, backup.kind);
    return undefined;
  }
  return await chooseSet(catalogue, deployment, backup.id ?? backup.name, backup.kind);
};

const stillTrue = async (
  file: PlanFile,
  opened: OpenedDeployment,
  from: Manifest | undefined,
  providers: Connected,
  records: Records,
  signal: AbortSignal,
): Promise<{ readonly deployment: Deployment; readonly facts: Facts }> => {
  const deployment = await withSelected(opened, providers, signal);
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(deployment)), file.deployment))
    throw stale(`The deployment in ${file.file} is not what it was when the plan was made, at ${file.madeAt}.`);
  const include = (Object.keys(file.plan.surveyed) as InstanceId[]).filter((id) => id in deployment.instances);
  const options = { include, exclude: [], ...(from === undefined ? {} : { from }) };
  const facts = await surveyFor(deployment, options, providers, records, signal);
  const problems = planDrift(file, facts);
  if (isSome(problems))
    throw new QuiesceError("refused", `The plan is stale: it was made at ${file.madeAt}. Nothing was changed.`, {
      problems,
      hint: "Plan again, and look at the new plan.",
    });
  return { deployment, facts };
};

const stale = (message: string): QuiesceError =>
  new QuiesceError("refused", `${message} Nothing was changed.`, { hint: "Plan again, and look at the new plan." });
