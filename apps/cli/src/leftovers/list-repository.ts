import { isProviderFailure, isQuiesceError, type FoundSet, type OwnershipTag, type Repository } from "@quiesce/core";
import type { InRepository, Listing } from "./listed.ts";

/** The sets of a repository that say whose they are: whole ones, and those of a run that works or died. */
export const listRepository = async (repository: Repository, signal: AbortSignal): Promise<Listing> => {
  const place = repository.location;
  try {
    const found = await Array.fromAsync(repository.sets(signal));
    return { listed: found.flatMap((set) => inRepository(repository, set)), unlooked: [] };
  } catch (thrown) {
    if (!isProviderFailure(thrown) && !isQuiesceError(thrown)) throw thrown;
    return { listed: [], unlooked: [{ place, reason: thrown.message }] };
  }
};

/** Without an owner it may be anybody's, and one that is damaged is for `backups verify`. */
const inRepository = (repository: Repository, set: FoundSet): readonly InRepository[] => {
  const common = (id: string, name: string, tag: OwnershipTag) =>
    ({ at: "repository", id, name, tag, place: repository.location, repository }) as const;
  switch (set.is) {
    case "whole": {
      const { store, manifest } = set;
      const { deployment, run, kind, name, id } = manifest;
      return [{ ...common(id, name, { store, deployment, run }), kind: `${kind} set`, whole: set }];
    }
    case "unfinished":
      return set.owner === undefined ? [] : [{ ...common(set.at, set.at, set.owner), kind: "unfinished set" }];
    case "damaged":
      return [];
  }
};
