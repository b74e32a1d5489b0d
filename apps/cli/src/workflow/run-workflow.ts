import {
  exitCodes,
  makePlan,
  QuiesceError,
  type Facts,
  type Plan,
  type PlanOptions,
  type Repository,
  type Workflow,
} from "@quiesce/core";
import { connected, type Connected } from "../compose/connect.ts";
import { openDeployment, withSelected, type OpenedDeployment } from "../compose/open-deployment.ts";
import { openStateStore, type StateStore } from "../compose/state-store.ts";
import { repositoryFacts, repositoryFor, type Opening } from "../compose/open-repository.ts";
import { surveyFor } from "../compose/survey.ts";
import { closing, settingsOf } from "../compose/with-store.ts";
import type { Settings } from "../config/settings.ts";
import { checkSetName } from "../input/set-name.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { noDebts, payBeforeRun, type DeadRunsDebts } from "../recover/pay-before-run.ts";
import { listenForStops, unlessStopped, type Stops } from "../signals/listen-for-stops.ts";
import { checkNameIsFree, chooseSet } from "./choose-set.ts";
import { planOptions } from "./plan-options.ts";
import { requestedName } from "./requested-name.ts";
import { runPlanned } from "./run-planned.ts";
import { savePlan } from "./plan-file.ts";
import { showPlan } from "./show-plan.ts";
import type { WorkflowFlags } from "./workflow-flags.ts";

export interface WorkflowRequest {
  readonly workflow: Workflow;
  readonly use: "run" | "plan";
  /** A file or a registered name. */
  readonly deployment: string;
  readonly flags: WorkflowFlags;
}

/** One workflow from its command line to its exit code: read, connect, survey, plan, ask, run. */
export const runWorkflow = async (request: WorkflowRequest, invocation: Invocation): Promise<number> => {
  const { flags } = request;
  if (flags.name !== undefined) checkSetName(flags.name);
  const settings = await settingsOf(invocation, settingFlags(flags));
  const stops = listenForStops();
  try {
    return await closing(await unlessStopped(openStateStore(settings.stateDir), stops.before), async (store) => {
      const opened = await openDeployment(request.deployment, invocation, store);
      const tools = { store, settings, invocation, stops };
      await using debts = isLook(request) ? noDebts : await payBeforeRun(opened.deployment, tools);
      const options = await optionsOf(request, settings, opened, store);
      const { name, kind, from } = options;
      const run = { workflow: request.workflow, backup: { name, kind } };
      const repository = await unlessStopped(repositoryFor(run, from, settings, openingOf(request)), stops.before);
      return await connected(opened.deployment, invocation, stops.before, (providers) =>
        planAndRun({ request, invocation, settings, stops, store, repository, opened, options, providers, debts }),
      );
    });
  } finally {
    stops.close();
  }
};

/** Flags that are settings too, as they were written. */
export const settingFlags = ({
  kind,
  repository,
  compress,
  consistency,
  quiesce,
  freezeDeadline,
  timeout,
}: WorkflowFlags) => ({
  ...(repository === undefined ? {} : { repository }),
  ...(compress === undefined ? {} : { compress }),
  ...(kind === undefined ? {} : { kind }),
  ...(consistency === undefined ? {} : { consistency }),
  ...(quiesce === undefined ? {} : { quiesce }),
  ...(freezeDeadline === undefined ? {} : { freezeDeadlineMs: freezeDeadline }),
  ...(timeout === undefined ? {} : { timeoutMs: timeout }),
});

/** A look leaves no trace; a plan that is saved must name the repository that it will use. */
const openingOf = (request: WorkflowRequest): Opening =>
  request.flags.out === undefined && isLook(request) ? "look" : "make";

/** It only plans: it pays nothing and starts nothing. */
const isLook = ({ use, flags }: WorkflowRequest): boolean => use === "plan" || flags.dryRun === true;

/** Settles the set by the catalogue alone: a taken or unknown name is refused before anything is contacted. */
const optionsOf = async (
  { workflow, flags }: WorkflowRequest,
  settings: Settings,
  { deployment, tuning }: OpenedDeployment,
  { catalogue }: StateStore,
): Promise<PlanOptions> => {
  const name = requestedName(workflow, flags);
  if (workflow === "backup") await checkNameIsFree(catalogue, deployment.id, name, settings.kind);
  const needsSet = workflow === "restore" || workflow === "remove_backup";
  const kind = flags.kind === undefined ? undefined : settings.kind;
  const from = needsSet ? await chooseSet(catalogue, deployment.id, name, kind) : undefined;
  return planOptions(flags, settings, tuning, from === undefined ? { name } : { name: from.name, from });
};

interface Work {
  readonly request: WorkflowRequest;
  readonly invocation: Invocation;
  readonly settings: Settings;
  readonly stops: Stops;
  readonly store: StateStore;
  readonly repository: Repository | undefined;
  readonly opened: OpenedDeployment;
  readonly options: PlanOptions;
  readonly providers: Connected;
  readonly debts: DeadRunsDebts;
}

const planAndRun = async (work: Work): Promise<number> => {
  const { request, invocation, settings, stops, store, repository, opened, options, providers, debts } = work;
  const { fleet } = providers;
  const { timeoutMs } = settings;
  const { flags } = request;
  const { deployment, facts, plan } = await unlessStopped(planned(work), stops.before);
  if (isLook(request)) {
    if (flags.out !== undefined) await savePlan(flags.out, { plan, file: opened.file, deployment, facts }, invocation);
    showPlan(plan, flags.explain === true, invocation);
    return exitCodes.done;
  }
  const allow = { partial: flags.allowPartial === true, drift: flags.allowDrift === true };
  return await runPlanned(
    {
      plan,
      deployment,
      limits: facts.limits,
      store,
      fleet,
      repository,
      stops,
      timeoutMs,
      rollback: flags.rollback === true,
    },
    { yes: flags.yes === true, allow, from: options.from, debts },
    invocation,
  );
};

const planned = async ({ request, settings, stops, store, repository, opened, options, providers }: Work) => {
  const deployment = await withSelected(opened, providers, stops.before);
  const { name, kind } = options;
  const run = { workflow: request.workflow, backup: { name, kind } };
  const place = await repositoryFacts(repository, run, settings, stops.before);
  const records = { store, repository: place };
  const facts: Facts = await surveyFor(deployment, options, providers, records, stops.before);
  const made = makePlan(request.workflow, deployment, facts, options);
  if (!made.ok)
    throw new QuiesceError("refused", `Cannot ${verbOf[request.workflow]} ${deployment.id}; nothing was changed.`, {
      problems: made.problems,
    });
  const plan: Plan = made.value;
  return { deployment, facts, plan };
};

const verbOf: Readonly<Record<Workflow, string>> = {
  suspend: "suspend",
  resume: "resume",
  backup: "back up",
  restore: "restore",
  remove_backup: "remove the set of",
};
