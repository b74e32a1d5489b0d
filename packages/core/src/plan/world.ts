import type { Matrix, Restriction } from "../capability/capability.ts";
import type { Deployment, Instance, Provider } from "../model/deployment.ts";
import type { Account, DeploymentId, InstanceId, ProviderName } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Survey, Unsurveyed } from "../plugin/survey.ts";
import type { Workflow } from "../vocabulary/operation.ts";
import { byText } from "./by-text.ts";
import type { Facts } from "./facts.ts";
import { noFindings, type Findings } from "./findings.ts";
import type { PlanOptions } from "./options.ts";
import { indexRestrictions } from "./restrictions.ts";

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
  readonly restrictions: ReadonlyMap<string, readonly Restriction[]>;
  readonly surveys: ReadonlyMap<InstanceId, Survey>;
  readonly unsurveyed: ReadonlyMap<InstanceId, Unsurveyed>;
  readonly suspended: ReadonlyMap<InstanceId, JsonObject>;
  readonly limits: ReadonlyMap<Account, number>;
  readonly accounts: ReadonlyMap<ProviderName, Account>;
  readonly runners: ReadonlySet<string>;
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
  const instances = new Map(
    sortedEntries(deployment.instances).map(([id, instance]) => [
      id,
      instance.id === id ? instance : { ...instance, id },
    ]),
  );
  const surveys = new Map(sortedEntries(facts.surveys));
  return {
    findings: noFindings(),
    world: {
      workflow,
      options,
      deployment: deployment.id,
      instances,
      surveys,
      providers: new Map(sortedEntries(deployment.providers)),
      matrices: new Map(sortedEntries(facts.matrices)),
      restrictions: indexRestrictions(sortedEntries(facts.restrictions)),
      unsurveyed: new Map(sortedEntries(facts.unsurveyed)),
      suspended: new Map(sortedEntries(facts.suspended)),
      limits: new Map(sortedEntries(facts.limits)),
      accounts: accountsOf(facts, instances, surveys),
      runners: new Set(facts.runners),
    },
  };
};

const sortedEntries = <K extends string, V>(record: Readonly<Record<K, V>>): readonly (readonly [K, V])[] =>
  (Object.entries(record) as [K, V][]).sort(([a], [b]) => byText(a, b));

const accountsOf = (
  facts: Facts,
  instances: ReadonlyMap<InstanceId, Instance>,
  surveys: ReadonlyMap<InstanceId, Survey>,
): ReadonlyMap<ProviderName, Account> => {
  const accounts = new Map<ProviderName, Account>(sortedEntries(facts.accounts ?? {}));
  for (const [id, { account }] of surveys) {
    const provider = instances.get(id)?.provider;
    if (provider !== undefined && !accounts.has(provider)) accounts.set(provider, account);
  }
  return accounts;
};
