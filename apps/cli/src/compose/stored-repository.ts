import { isQuiesceError, type Plan, type Repository, type RepositoryRef } from "@quiesce/core";
import type { Settings } from "../config/settings.ts";
import { missingRepository } from "./missing-repository.ts";
import { openRepository } from "./open-repository.ts";
import type { StateStore } from "./state-store.ts";

/** Where the bytes of a run lie that began earlier; undefined for one that moves none. */
const repositoryRefOf = async (
  { backup, deployment }: Plan,
  { catalogue }: Pick<StateStore, "catalogue">,
): Promise<RepositoryRef | undefined> => {
  if (backup === undefined || backup.repository !== undefined) return backup?.repository;
  const named = await catalogue.find(deployment, backup.id ?? backup.name);
  return named.find(({ kind }) => kind === backup.kind)?.repository;
};

/**
 * The repository of a run that began earlier: where it was, or in the folder that the settings name when that is the
 * same one. One that is not there now is no error yet: guests are thawed without it.
 */
export const storedRepository = async (
  plan: Plan,
  store: Pick<StateStore, "catalogue">,
  settings: Settings,
): Promise<Repository | undefined> => {
  const ref = await repositoryRefOf(plan, store);
  if (ref === undefined) return undefined;
  const places = settings.repository === undefined ? [ref.location] : [settings.repository, ref.location];
  for (const place of places) {
    const found = await openIfAny(place, settings);
    if (found?.id === ref.id) return found;
  }
  return missingRepository(ref);
};

const openIfAny = async (folder: string, { compress }: Settings): Promise<Repository | undefined> => {
  try {
    return await openRepository(folder, "look", compress);
  } catch (thrown) {
    if (isQuiesceError(thrown)) return undefined;
    throw thrown;
  }
};
