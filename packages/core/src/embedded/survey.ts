import type { Deployment, Instance } from "../model/deployment.ts";
import { asId, type Account, type InstanceId, type ProviderName } from "../model/id.ts";
import type { Facts } from "../plan/facts.ts";
import { isSurvey, type Surveyed, type Unsurveyed } from "../plugin/survey.ts";
import type { Target } from "../plugin/target.ts";
import type { Connection, Plugin } from "../plugin/plugin.ts";
import type { Fleet } from "../ports/fleet.ts";
import type { Store } from "../ports/store.ts";
import type { Kind } from "../vocabulary/operation.ts";

export interface SurveyPorts {
  readonly fleet: Fleet;
  readonly store: Pick<Store, "suspended">;
  readonly pluginOf: (provider: ProviderName) => Plugin;
  readonly runners: readonly string[];
}

const defaultParallel = 8;

/** Reads everything that planning must know, one call per provider, providers side by side. */
export const surveyDeployment = async (
  deployment: Deployment,
  include: readonly InstanceId[] | "all",
  { fleet, store, pluginOf, runners }: SurveyPorts,
  signal: AbortSignal,
): Promise<Facts> => {
  const wanted = include === "all" ? undefined : new Set(include);
  const byProvider = Map.groupBy(
    Object.values(deployment.instances).filter(
      ({ id, provider }) => provider !== undefined && (wanted?.has(id) ?? true),
    ),
    ({ provider }) => provider ?? asId<ProviderName>(""),
  );
  const read = await Promise.all(
    [...byProvider].map(async ([provider, instances]) => {
      const connection = await fleet.connection(provider, "work");
      const surveyed = await connection.survey(instances.flatMap(targetOf), signal);
      return { provider, connection, surveyed };
    }),
  );
  const all = read.flatMap(({ surveyed }) => surveyed);
  return {
    matrices: Object.fromEntries(read.map(({ provider }) => [provider, pluginOf(provider).capabilities])),
    restrictions: Object.fromEntries(read.map(({ provider, connection }) => [provider, connection.restrictions])),
    surveys: byInstance(all.filter(isSurvey)),
    unsurveyed: byInstance(all.filter((s): s is Unsurveyed => !isSurvey(s))),
    accounts: Object.fromEntries(read.map(({ provider, connection }) => [provider, connection.account])),
    limits: limitsOf(deployment, read),
    suspended: await store.suspended(deployment.id),
    runners,
  };
};

const targetOf = ({ id, kind, providerId, properties }: Instance): readonly Target<Kind>[] =>
  kind === "other" ? [] : [{ instance: id, kind, providerId: providerId ?? id, properties, covers: [] }];

const byInstance = <T extends Surveyed>(list: readonly T[]): Readonly<Record<InstanceId, T>> =>
  Object.fromEntries(list.map((one) => [one.instance, one]));

const limitsOf = (
  deployment: Deployment,
  read: readonly { readonly provider: ProviderName; readonly connection: Connection }[],
): Readonly<Record<Account, number>> =>
  Object.fromEntries(
    read.map(({ provider, connection }) => [
      connection.account,
      deployment.providers[provider]?.parallel ?? defaultParallel,
    ]),
  );
