import {
  instancesToSurvey,
  surveyDeployment,
  type Deployment,
  type Facts,
  type Manifest,
  type PlanOptions,
  type ProviderName,
  type RepositoryFacts,
  type Store,
} from "@quiesce/core";
import type { Connected } from "./connect.ts";

/** Reads what planning must know: of the chosen instances, and of the providers of the set that is worked on. */
export const surveyFor = async (
  deployment: Deployment,
  options: Pick<PlanOptions, "include" | "exclude" | "from">,
  { fleet, pluginOf, runners }: Connected,
  { store, repository }: Records,
  signal: AbortSignal,
): Promise<Facts> => {
  const ports = { fleet, store, pluginOf, runners };
  const facts = await surveyDeployment(deployment, surveyed(deployment, options), ports, signal);
  const all = await withProvidersOf(options.from, deployment, facts, { fleet, pluginOf, runners });
  return {
    ...all,
    sets: await store.catalogue.list({ deployment: deployment.id }),
    ...(repository === undefined ? {} : { repository }),
  };
};

/** What is written down, beside what the providers say. */
export interface Records {
  readonly store: Pick<Store, "suspended" | "catalogue">;
  readonly repository: RepositoryFacts | undefined;
}

const surveyed = (deployment: Deployment, { include, exclude }: Pick<PlanOptions, "include" | "exclude">) => {
  if (exclude.length === 0) return instancesToSurvey(deployment, { include });
  const out = new Set(exclude);
  const all = include === "all" ? Object.values(deployment.instances).map(({ id }) => id) : include;
  return instancesToSurvey(deployment, { include: all.filter((id) => !out.has(id)) });
};

/** A set may hold instances that the file lists no more; their provider is asked for what it can do all the same. */
const withProvidersOf = async (
  set: Manifest | undefined,
  deployment: Deployment,
  facts: Facts,
  { fleet, pluginOf }: Connected,
): Promise<Facts> => {
  const wanted = new Set<ProviderName>(Object.keys(facts.matrices) as ProviderName[]);
  for (const { provider } of set?.items ?? [])
    if (provider !== undefined && provider in deployment.providers) wanted.add(provider);
  const read = await Promise.all(
    [...wanted].map(async (provider) => ({ provider, connection: await fleet.connection(provider, "work") })),
  );
  return {
    ...facts,
    matrices: Object.fromEntries(read.map(({ provider }) => [provider, pluginOf(provider).capabilities])),
    restrictions: Object.fromEntries(read.map(({ provider, connection }) => [provider, connection.restrictions])),
    accounts: Object.fromEntries(read.map(({ provider, connection }) => [provider, connection.account])),
  };
};
