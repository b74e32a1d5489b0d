import { isQuiesceError, type DeploymentId, type Repository } from "@quiesce/core";
import { openRepository, repositoryFolder } from "../compose/open-repository.ts";
import type { StateStore } from "../compose/state-store.ts";
import type { Settings } from "../config/settings.ts";
import type { Unlooked } from "./listed.ts";

/**
 * The repositories that may hold what a run left: the configured one, those of the catalogue's sets, and those of runs
 * that did not end well. One that was never made holds nothing.
 */
export const knownRepositories = async (
  store: StateStore,
  only: DeploymentId | undefined,
  settings: Settings,
): Promise<{ readonly repositories: readonly Repository[]; readonly unlooked: readonly Unlooked[] }> => {
  const filter = only === undefined ? {} : { deployment: only };
  const configured = repositoryFolder(settings);
  const ofSets = (await store.catalogue.list(filter)).flatMap(({ repository }) => repository?.location ?? []);
  const ofRuns: string[] = [];
  for (const { run, status } of await store.runs(filter)) {
    const location = status === "succeeded" ? undefined : (await store.load(run))?.plan.backup?.repository?.location;
    if (location !== undefined) ofRuns.push(location);
  }
  const repositories: Repository[] = [];
  const unlooked: Unlooked[] = [];
  for (const place of new Set([configured, ...ofSets, ...ofRuns])) {
    const found = await opened(place);
    if (typeof found === "string") unlooked.push({ place, reason: found });
    else if (found !== undefined) repositories.push(found);
    else if (place !== configured) unlooked.push({ place, reason: "There is no repository there now." });
  }
  return { repositories: onceEach(repositories), unlooked };
};

const opened = async (place: string): Promise<Repository | string | undefined> => {
  try {
    return await openRepository(place, "look");
  } catch (thrown) {
    if (isQuiesceError(thrown)) return thrown.message;
    throw thrown;
  }
};

const onceEach = (repositories: readonly Repository[]): readonly Repository[] => [
  ...new Map(repositories.map((one) => [one.id, one])).values(),
];
