import { QuiesceError, type Plan, type Repository, type RepositoryRef } from "@quiesce/core";
import type { Settings } from "../config/settings.ts";
import { openRepository } from "./open-repository.ts";
import type { StateStore } from "./state-store.ts";

/** Where the bytes of a run lie that began earlier; undefined for one that moves none. */
export const repositoryRefOf = async (
  { backup, deployment }: Plan,
  { catalogue }: Pick<StateStore, "catalogue">,
): Promise<RepositoryRef | undefined> => {
  if (backup === undefined || backup.repository !== undefined) return backup?.repository;
  const named = await catalogue.find(deployment, backup.id ?? backup.name);
  return named.find(({ kind }) => kind === backup.kind)?.repository;
};

/**
 * Opens the repository of a run that began earlier: where it was, or in the folder that the settings name when that is
 * the same one. Throws QuiesceError `unreachable` when it is in neither.
 */
export const storedRepository = async (ref: RepositoryRef, settings: Settings): Promise<Repository> => {
  const places = settings.repository === undefined ? [ref.location] : [settings.repository, ref.location];
  for (const place of places) {
    const found = await openRepository(place, "look", settings.compress);
    if (found?.id === ref.id) return found;
  }
  throw new QuiesceError("unreachable", `The repository of this run is not in ${places.join(" and not in ")}.`, {
    hint: "Mount it, or name its new place: --repository FOLDER.",
  });
};
