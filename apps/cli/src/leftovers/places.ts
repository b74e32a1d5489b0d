import type { Deployment, DeploymentId, Fleet, ProviderName, RunRecord } from "@quiesce/core";
import { isQuiesceError } from "@quiesce/core";
import { connectedLater } from "../compose/connect.ts";
import { openDeployment } from "../compose/open-deployment.ts";
import type { StateStore } from "../compose/state-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { isUnfinished } from "../recover/unfinished.ts";
import type { Unlooked } from "./listed.ts";

/** A provider that may hold what a run left. */
export interface ProviderPlace {
  /** For people: `hv1 of shop`. */
  readonly place: string;
  readonly provider: ProviderName;
  readonly fleet: Fleet;
}

export interface Known {
  readonly deployments: readonly Deployment[];
  readonly unlooked: readonly Unlooked[];
}

/**
 * The deployments whose providers are asked: each as its file says now, as its newest run saw it, and as runs saw it
 * that have not ended. `only` leaves the others out.
 */
export const knownDeployments = async (
  store: StateStore,
  only: DeploymentId | undefined,
  invocation: Invocation,
): Promise<Known> => {
  const deployments: Deployment[] = [];
  const unlooked: Unlooked[] = [];
  for (const { name } of await store.deployments.list()) {
    if (only !== undefined && name !== only) continue;
    try {
      deployments.push((await openDeployment(name, invocation, store)).deployment);
    } catch (thrown) {
      if (!isQuiesceError(thrown)) throw thrown;
      unlooked.push({ place: `deployment ${name}`, reason: thrown.message });
    }
  }
  for (const { run } of telling(await store.runs(only === undefined ? {} : { deployment: only }))) {
    const loaded = await store.load(run);
    if (loaded !== undefined) deployments.push(loaded.deployment);
  }
  return { deployments, unlooked };
};

/** The newest of each deployment, and all that have not ended. Newest first. */
const telling = (runs: readonly RunRecord[]): readonly RunRecord[] => {
  const seen = new Set<DeploymentId>();
  return runs.filter((record) => {
    const isNewest = !seen.has(record.deployment);
    seen.add(record.deployment);
    return isNewest || isUnfinished(record);
  });
};

/** Opens the providers of all deployments, each once however many name it, and closes them after `use`. */
export const withPlaces = async <T>(
  deployments: readonly Deployment[],
  invocation: Invocation,
  signal: AbortSignal,
  use: (places: readonly ProviderPlace[]) => Promise<T>,
  opened: readonly ProviderPlace[] = [],
  seen: ReadonlySet<string> = new Set(),
): Promise<T> => {
  const [first, ...rest] = deployments;
  if (first === undefined) return await use(opened);
  const fresh = (Object.keys(first.providers) as ProviderName[]).filter((name) => !seen.has(keyOf(first, name)));
  const keys = new Set([...seen, ...fresh.map((name) => keyOf(first, name))]);
  return await connectedLater(first, invocation, signal, (fleet) => {
    const places = fresh.map((provider) => ({ place: `${provider} of ${first.id}`, provider, fleet }));
    return withPlaces(rest, invocation, signal, use, [...opened, ...places], keys);
  });
};

const keyOf = ({ providers }: Deployment, name: ProviderName): string =>
  JSON.stringify([providers[name]?.plugin, providers[name]?.config]);
