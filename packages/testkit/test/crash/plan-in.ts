import {
  defaultOptions,
  makePlan,
  surveyDeployment,
  type BackupKind,
  type Manifest,
  type Plan,
  type PlanOptions,
  type Workflow,
} from "@quiesce/core";
import { toyPlugin } from "../../src/index.ts";
import type { CrashWorld, Process } from "./crash-world.ts";

export const backupName = "nightly";
/** Of the sets that are there before the run. */
export const olderName = "older";

interface Wanted extends Partial<PlanOptions> {
  readonly workflow: Workflow;
  readonly kind: BackupKind;
}

/** The plan that the command line would make here and now. */
export const planIn = async (world: CrashWorld, { parts }: Process, { workflow, ...wanted }: Wanted): Promise<Plan> => {
  const { deployment, store, repository, cloud } = world;
  const plugin = toyPlugin(cloud);
  const facts = await surveyDeployment(
    deployment,
    "all",
    { fleet: parts.fleet, store, pluginOf: () => plugin, runners: ["toy"] },
    new AbortController().signal,
  );
  const { id, location } = repository;
  const sets = await store.catalogue.list({ deployment: deployment.id });
  const options = { ...defaultOptions, name: backupName, allowSkip: true, allowMixedTime: true, ...wanted };
  const made = makePlan(workflow, deployment, { ...facts, sets, repository: { id, location } }, options);
  if (made.ok) return made.value;
  throw new Error(`No plan for ${workflow}: ${made.problems.map(({ message }) => message).join(" ")}`);
};

/** The set with this name and kind. */
export const setNamed = async ({ store, deployment }: CrashWorld, name: string): Promise<Manifest> => {
  const [set] = await store.catalogue.find(deployment.id, name);
  if (set === undefined) throw new Error(`There is no set ${name}.`);
  return set;
};
