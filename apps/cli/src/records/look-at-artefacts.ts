import { isProviderFailure, isQuiesceError, type Manifest, type ManifestItem, type ProviderName } from "@quiesce/core";
import { connected, type Connected } from "../compose/connect.ts";
import { repositoryOf } from "../compose/open-repository.ts";
import type { StateStore } from "../compose/state-store.ts";
import { settingsOf } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { listenForStops, unlessStopped } from "../signals/listen-for-stops.ts";
import type { Look, Looks, RepositoryLook } from "./restorable.ts";
import { isStored, storedFiles } from "./stored-files.ts";

/**
 * Asks the repository and each provider of a set which of its artefacts are there. Uses the deployment that was stored
 * with the run, so that a set can be looked at when its file is gone. Changes nothing.
 */
export const lookAtArtefacts = async (set: Manifest, store: StateStore, invocation: Invocation): Promise<Looks> => {
  const repository = await lookAtFiles(set, invocation);
  const providers = await lookAtProviders(set, store, invocation);
  return { providers, ...(repository === undefined ? {} : { repository }) };
};

const lookAtFiles = async (set: Manifest, invocation: Invocation): Promise<RepositoryLook | undefined> => {
  const files = storedFiles(set);
  if (files.length === 0) return undefined;
  try {
    const repository = await repositoryOf(set, await settingsOf(invocation));
    if (repository === undefined) return undefined;
    const looks = files.map(async (file) => [file.id, await repository.inspect(file)] as const);
    return { files: new Map(await Promise.all(looks)) };
  } catch (thrown) {
    return { failed: messageOf(thrown) };
  }
};

type ProviderLooks = Readonly<Record<string, Look>>;

const lookAtProviders = async (set: Manifest, store: StateStore, invocation: Invocation): Promise<ProviderLooks> => {
  const loaded = await store.load(set.run);
  if (loaded === undefined) return {};
  const { deployment } = loaded;
  const names = new Set(set.items.filter(liesAtProvider).flatMap(({ provider }) => provider ?? []));
  if (names.size === 0) return {};
  const stops = listenForStops();
  try {
    return await connected(deployment, invocation, stops.before, async (providers) => {
      const looking = [...names].map(async (name): Promise<[string, Look]> => [
        name,
        await lookAt(name, set, store.id, providers, stops.before),
      ]);
      return Object.fromEntries(await unlessStopped(Promise.all(looking), stops.before));
    });
  } finally {
    stops.close();
  }
};

const lookAt = async (
  provider: ProviderName,
  { deployment, run }: Manifest,
  store: string,
  { fleet }: Connected,
  signal: AbortSignal,
): Promise<Look> => {
  try {
    const connection = await fleet.connection(provider, "work");
    const artefacts = new Set<string>();
    for await (const { id } of connection.owned({ store, deployment, run }, signal)) artefacts.add(id);
    return { artefacts };
  } catch (thrown) {
    return { failed: messageOf(thrown) };
  }
};

const liesAtProvider = ({ artefacts, base }: ManifestItem): boolean =>
  artefacts.some((artefact) => !isStored(artefact) && artefact.id !== base);

/** A place that cannot be asked is an answer here; a bug is not. */
const messageOf = (thrown: unknown): string => {
  if (isProviderFailure(thrown) || isQuiesceError(thrown)) return thrown.message;
  throw thrown;
};
