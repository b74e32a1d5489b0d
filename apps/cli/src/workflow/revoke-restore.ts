import {
  exitCodes,
  planCommit,
  planUndo,
  QuiesceError,
  type Facts,
  type Plan,
  type PlanOptions,
  type RevokeRequest,
} from "@quiesce/core";
import { connected, type Connected } from "../compose/connect.ts";
import { openDeployment, withSelected, type OpenedDeployment } from "../compose/open-deployment.ts";
import { openStateStore, type StateStore } from "../compose/state-store.ts";
import { surveyFor } from "../compose/survey.ts";
import { closing, settingsOf } from "../compose/with-store.ts";
import type { Settings } from "../config/settings.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { findRun } from "../records/find-run.ts";
import { noDebts, payBeforeRun } from "../recover/pay-before-run.ts";
import { listenForStops, unlessStopped, type Stops } from "../signals/listen-for-stops.ts";
import { planOptions } from "./plan-options.ts";
import { savePlan } from "./plan-file.ts";
import type { Revoke } from "./revoke-of.ts";
import { runPlanned } from "./run-planned.ts";
import { settingFlags } from "./run-workflow.ts";
import { showPlan } from "./show-plan.ts";
import type { WorkflowFlags } from "./workflow-flags.ts";

export interface RevokeCommand extends Revoke {
  readonly use: "run" | "plan";
  /** A file or a registered name. */
  readonly deployment: string;
  readonly flags: WorkflowFlags;
}

interface Work {
  readonly command: RevokeCommand;
  readonly invocation: Invocation;
  readonly settings: Settings;
  readonly stops: Stops;
  readonly store: StateStore;
  readonly opened: OpenedDeployment;
  readonly request: RevokeRequest;
}

/** A restore is taken back, or what it restored is kept: planned from the store's records, shown or asked, and run. */
export const revokeRestore = async (command: RevokeCommand, invocation: Invocation): Promise<number> => {
  const settings = await settingsOf(invocation, settingFlags(command.flags));
  const stops = listenForStops();
  try {
    return await closing(await unlessStopped(openStateStore(settings.stateDir), stops.before), async (store) => {
      const opened = await openDeployment(command.deployment, invocation, store);
      const request = await requestOf(command, opened, store);
      const work: Work = { command, invocation, settings, stops, store, opened, request };
      return await connected(opened.deployment, invocation, stops.before, (providers) => planAndRun(work, providers));
    });
  } finally {
    stops.close();
  }
};

const requestOf = async (
  { run }: RevokeCommand,
  { deployment }: OpenedDeployment,
  store: StateStore,
): Promise<RevokeRequest> => {
  const records = await store.recoveries({ deployment: deployment.id });
  return run === undefined ? { records } : { records, run: (await findRun(store, run)).run };
};

const planAndRun = async (work: Work, providers: Connected): Promise<number> => {
  const { command, invocation, settings, stops, store, opened } = work;
  const { flags, use } = command;
  const isLook = use === "plan" || flags.dryRun === true;
  const tools = { store, settings, invocation, stops };
  await using debts = isLook ? noDebts : await payBeforeRun(opened.deployment, tools);
  const { deployment, facts, plan } = await unlessStopped(planned(work, providers), stops.before);
  if (isLook) {
    if (flags.out !== undefined) await savePlan(flags.out, { plan, file: opened.file, deployment, facts }, invocation);
    showPlan(plan, flags.explain === true, invocation);
    return exitCodes.done;
  }
  const { fleet } = providers;
  const { timeoutMs } = settings;
  const allow = { partial: flags.allowPartial === true, drift: false };
  return await runPlanned(
    { plan, deployment, limits: facts.limits, store, fleet, repository: undefined, stops, timeoutMs, rollback: false },
    { yes: flags.yes === true, allow, from: undefined, debts },
    invocation,
  );
};

const planned = async ({ command, settings, stops, store, opened, request }: Work, providers: Connected) => {
  const deployment = await withSelected(opened, providers, stops.before);
  const options: PlanOptions = planOptions(command.flags, settings, opened.tuning, { name: "" });
  const records = { store, repository: undefined };
  const facts: Facts = await surveyFor(deployment, options, providers, records, stops.before);
  const made = (command.does === "undo" ? planUndo : planCommit)(request, deployment, facts, options);
  if (made.ok) {
    const plan: Plan = made.value;
    return { deployment, facts, plan };
  }
  throw new QuiesceError("refused", `Cannot ${verbOf[command.does]} ${deployment.id}; nothing was changed.`, {
    problems: made.problems,
  });
};

const verbOf = { undo: "take back a restore of", commit: "commit a restore of" } as const;
