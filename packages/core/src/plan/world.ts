import type { Matrix } from "../capability/capability.ts";
import type { Deployment, Instance, Provider } from "../model/deployment.ts";
import type { Account, DeploymentId, InstanceId, ProviderName } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Survey, Unsurveyed } from "../plugin/survey.ts";
import type { Workflow } from "../vocabulary/operation.ts";
import { byText } from "./by-text.ts";
import type { Facts, RepositoryFacts } from "./facts.ts";
import { noFindings, type Findings } from "./findings.ts";
import type { PlanOptions } from "./options.ts";
import { indexRestrictions, type Restricted } from "./restrictions.ts";

/**
 * All that a plan is made from, as maps: an instance may be called `constructor`, and the order of a file must not
 * change a plan, so instances are sorted by id.
 */
export interface World {
  readonly workflow: Workflow;
  readonly options: PlanOptions;
  readonly deployment: DeploymentId;
  readonly instances: ReadonlyMap<InstanceId, Instance>;
  readonly providers: ReadonlyMap<ProviderName, Provider>;
  readonly matrices: ReadonlyMap<ProviderName, Matrix>;
  readonly restrictions: ReadonlyMap<ProviderName, Restricted>;
  readonly surveys: ReadonlyMap<InstanceId, Survey>;
  readonly unsurveyed: ReadonlyMap<InstanceId, Unsurveyed>;
  readonly suspended: ReadonlyMap<InstanceId, JsonObject>;
  readonly limits: ReadonlyMap<Account, number>;
  readonly accounts: ReadonlyMap<ProviderName, Account>;
  readonly runners: ReadonlySet<string>;
  /** Sets of this deployment, newest first. */
  readonly sets: readonly Manifest[];
  readonly repository?: RepositoryFacts;
}

/** What every part of planning gets: the world to read, the findings to add to. */
export interface Planning {
  readonly world: World;
  readonly findings: Findings;
}

export const startPlanning = (
  workflow: Workflow,
  deployment: Deployment,
  facts: Facts,
  options: PlanOptions,
): Planning => {
  const instances = sortedById(deployment.instances);
  const surveys = mapOf(facts.surveys);
  return {
    findings: noFindings(),
    world: {
      workflow,
      options,
      deployment: deployment.id,
      instances,
      surveys,
      providers: mapOf(deployment.providers),
      matrices: mapOf(facts.matrices),
      restrictions: indexRestrictions(mapOf(facts.restrictions)),
      unsurveyed: mapOf(facts.unsurveyed),
      suspended: mapOf(facts.suspended),
      limits: mapOf(facts.limits),
      accounts: accountsOf(facts, instances, surveys),
      runners: new Set(facts.runners),
      sets: (facts.sets ?? []).filter((set) => set.deployment === deployment.id),
      ...(facts.repository === undefined ? {} : { repository: facts.repository }),
    },
  };
};

const mapOf = <K extends string, V>(record: Readonly<Record<K, V>>): ReadonlyMap<K, V> =>
  new Map(Object.entries(record) as [K, V][]);

const sortedById = (instances: Deployment["instances"]): ReadonlyMap<InstanceId, Instance> => {
  const known = mapOf(instances);
  const sorted = new Map<InstanceId, Instance>();
  for (const id of [...known.keys()].sort(byText)) {
    const instance = known.get(id);
    if (instance !== undefined) sorted.set(id, instance.id === id ? instance : { ...instance, id });
  }
  return sorted;
};

const accountsOf = (
  facts: Facts,
  instances: ReadonlyMap<InstanceId, Instance>,
  surveys: ReadonlyMap<InstanceId, Survey>,
): ReadonlyMap<ProviderName, Account> => {
  const accounts = new Map<ProviderName, Account>(mapOf(facts.accounts ?? {}));
  for (const { id, provider } of instances.values()) {
    const account = surveys.get(id)?.account;
    if (provider !== undefined && account !== undefined && !accounts.has(provider)) accounts.set(provider, account);
  }
  return accounts;
};
