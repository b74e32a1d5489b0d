import type { DeploymentId } from "@quiesce/core";
import { openStateStoreIfAny, type StateStore } from "../compose/state-store.ts";
import { closing, settingsOf } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { deploymentIdOf } from "../records/deployment-id.ts";
import { listenForStops, unlessStopped } from "../signals/listen-for-stops.ts";
import { listProvider } from "./list-provider.ts";
import { listRepository } from "./list-repository.ts";
import type { Listed, Unlooked } from "./listed.ts";
import { knownDeployments, withPlaces } from "./places.ts";
import { knownRepositories } from "./repositories.ts";
import { leftoversOf, type Leftover } from "./verdict.ts";

export interface Scope {
  /** Objects of every store, not only of this one. */
  readonly allStores: boolean;
  /** Only what belongs to this deployment. */
  readonly deployment?: string;
  readonly repository?: string;
}

export interface Gathered {
  readonly store: StateStore;
  readonly listed: readonly Listed[];
  readonly leftovers: readonly Leftover[];
  /** Places that could not be looked at to the end. */
  readonly unlooked: readonly Unlooked[];
  readonly signal: AbortSignal;
}

/** Looks everywhere at once, and hands what is left over to `use` while the providers are open. `none`: no store yet. */
export const gather = async <T>(
  scope: Scope,
  invocation: Invocation,
  none: () => T | Promise<T>,
  use: (gathered: Gathered) => Promise<T>,
): Promise<T> => {
  const { repository } = scope;
  const settings = await settingsOf(invocation, repository === undefined ? {} : { repository });
  const opened = await openStateStoreIfAny(settings.stateDir);
  if (opened === undefined) return await none();
  const stops = listenForStops();
  try {
    return await closing(opened, async (store) => {
      const only =
        scope.deployment === undefined ? undefined : await deploymentIdOf(scope.deployment, invocation.cwd, store);
      const known = await knownDeployments(store, only, invocation);
      const kept = await knownRepositories(store, only, settings);
      const signal = stops.before;
      return await withPlaces(known.deployments, invocation, signal, async (places) => {
        const by = {
          ...(scope.allStores ? {} : { store: store.id }),
          ...(only === undefined ? {} : { deployment: only }),
        };
        const listings = await unlessStopped(
          Promise.all([
            ...places.map((place) => listProvider(place, by, signal)),
            ...kept.repositories.map((one) => listRepository(one, signal)),
          ]),
          signal,
        );
        const listed = onceEach(listings.flatMap((one) => one.listed)).filter((one) => isIn(one, scope, only, store));
        const leftovers = await leftoversOf(listed, store, Date.now());
        const unlooked = [...known.unlooked, ...kept.unlooked, ...listings.flatMap((one) => one.unlooked)];
        return await use({ store, listed, leftovers, unlooked, signal });
      });
    });
  } finally {
    stops.close();
  }
};

const isIn = (one: Listed, { allStores }: Scope, only: DeploymentId | undefined, store: StateStore): boolean =>
  (allStores || one.tag.store === store.id) && (only === undefined || one.tag.deployment === only);

/** Two deployments may name one provider in two ways. */
const onceEach = (listed: readonly Listed[]): readonly Listed[] => [
  ...new Map(listed.map((one) => [keyOf(one), one])).values(),
];

const keyOf = (one: Listed): string =>
  one.at === "provider" ? JSON.stringify([one.account, one.kind, one.id]) : JSON.stringify([one.place, one.id]);
