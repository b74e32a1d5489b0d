import { asId, type DeploymentId } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { withStoreIfAny } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";

/** Names out of the local store for an argument or an option; none where it means something else. */
export const namesFor = async (
  what: string,
  positionals: readonly string[],
  invocation: Invocation,
): Promise<readonly string[]> => {
  const read = readers[what];
  return read === undefined
    ? []
    : await withStoreIfAny(
        invocation,
        () => [],
        (store) => read(store, positionals),
      );
};

type Read = (store: StateStore, positionals: readonly string[]) => Promise<readonly string[]>;

const deployments: Read = async (store) => (await store.deployments.list()).map(({ name }) => name);

const sets: Read = async (store, [deployment]) => {
  if (deployment === undefined) return [];
  const found = await store.catalogue.list({ deployment: asId<DeploymentId>(deployment) });
  return [...new Set(found.map(({ name }) => name))];
};

const restores: Read = async (store, [deployment]) => {
  const wanted = deployment === undefined ? {} : { deployment: asId<DeploymentId>(deployment) };
  return [...new Set((await store.recoveries(wanted)).map(({ run }) => run))];
};

const readers: Readonly<Record<string, Read>> = {
  deployment: deployments,
  deployments,
  name: async (store, positionals) =>
    positionals.length === 0 ? await deployments(store, []) : await sets(store, positionals),
  undo: restores,
  commit: restores,
  run: async (store) => (await store.runs({})).map(({ run }) => run),
};
