import { isProviderFailure, isQuiesceError, type Manifest, type ProviderName } from "@quiesce/core";
import { connected, type Connected } from "../compose/connect.ts";
import type { StateStore } from "../compose/state-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { listenForStops, unlessStopped } from "../signals/listen-for-stops.ts";
import type { Look, Looks } from "./restorable.ts";

/**
 * Asks each provider of a set which of its artefacts are there. Uses the deployment that was stored with the run, so
 * that a set can be looked at when its file is gone. Changes nothing.
 */
export const lookAtArtefacts = async (set: Manifest, store: StateStore, invocation: Invocation): Promise<Looks> => {
  const loaded = await store.load(set.run);
  if (loaded === undefined) return {};
  const { deployment } = loaded;
  const names = new Set(set.items.flatMap(({ provider }) => (provider === undefined ? [] : [provider])));
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
    // A provider that cannot be asked is an answer here; a bug is not.
    if (isProviderFailure(thrown) || isQuiesceError(thrown)) return { failed: thrown.message };
    throw thrown;
  }
};
