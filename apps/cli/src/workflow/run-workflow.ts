import {
  exitCodes,
  makePlan,
  QuiesceError,
  type Facts,
  type Plan,
  type PlanOptions,
  type Workflow,
} from "@quiesce/core";
import { connected, type Connected } from "../compose/connect.ts";
import { openDeployment, withSelected, type OpenedDeployment } from "../compose/open-deployment.ts";
import { openStateStore, type StateStore } from "../compose/state-store.ts";
import { surveyFor } from "../compose/survey.ts";
import { closing, settingsOf } from "../compose/with-store.ts";
import type { Settings } from "../config/settings.ts";
import { checkSetName } from "../input/set-name.ts";
import type { Invocation } from "../invocation/invocation.ts";
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
      const options = await optionsOf(request, settings, opened, store);
      return await connected(opened.deployment, invocation, stops.before, (providers) =>
        planAndRun({ request, invocation, settings, stops, store, opened, options, providers }),
      );
    });
  } finally {
    stops.close();
  }
};

/** Flags that are settings too, as they were written. */
const settingFlags = ({ kind, consistency, quiesce, freezeDeadline, timeout }: WorkflowFlags) => ({
  ...(kind === undefined ? {} : { kind }),
  ...(consistency === undefined ? {} : { consistency }),
  ...(quiesce === undefined ? {} : { quiesce }),
  ...(freezeDeadline === undefined ? {} : { freezeDeadlineMs: freezeDeadline }),
  ...(timeout === undefined ? {} : { timeoutMs: timeout }),
});

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
  readonly opened: OpenedDeployment;
  readonly options: PlanOptions;
  readonly providers: Connected;
}

const planAndRun = async (work: Work): Promise<number> => {
  const { request, invocation, settings, stops, store, opened, options, providers } = work;
  const { flags, use } = request;
  const { deployment, facts, plan } = await unlessStopped(planned(work), stops.before);
  if (use === "plan" || flags.dryRun === true) {
    if (flags.out !== undefined) await savePlan(flags.out, { plan, file: opened.file, deployment, facts }, invocation);
    showPlan(plan, flags.explain === true, invocation);
    return exitCodes.done;
  }
  const allow = { partial: flags.allowPartial === true, drift: flags.allowDrift === true };
  return await runPlanned(
    { plan, deployment, limits: facts.limits, store, fleet: providers.fleet, stops, timeoutMs: settings.timeoutMs },
    { yes: flags.yes === true, allow, from: options.from },
    invocation,
  );
};

const planned = async ({ request, stops, store, opened, options, providers }: Work) => {
  const deployment = await withSelected(opened, providers, stops.before);
  const facts: Facts = await surveyFor(deployment, options, providers, store, stops.before);
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
