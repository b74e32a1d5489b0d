import { join } from "node:path";
import {
  isQuiesceError,
  QuiesceError,
  type Manifest,
  type Plan,
  type Repository,
  type RepositoryFacts,
} from "@quiesce/core";
import type { Settings } from "../config/settings.ts";

/** `make`: an absent one is made. `look`: absent is undefined, and nothing is written. */
export type Opening = "make" | "look";

/** Where the bytes go when nobody names a folder. */
export const repositoryFolder = ({ repository, stateDir }: Pick<Settings, "repository" | "stateDir">): string =>
  repository ?? join(stateDir, "repository");

export const openRepository = async (
  folder: string,
  opening: Opening,
  compress: Settings["compress"] = "none",
): Promise<Repository | undefined> => {
  const { openRepository: openFolder } = await import("@quiesce/repository");
  try {
    return await openFolder(folder, { create: opening === "make", compress: compress === "zstd" });
  } catch (thrown) {
    if (isQuiesceError(thrown) && thrown.code === "not-found") return undefined;
    throw thrown;
  }
};

/** The repository that holds a set: the one that the user names, else where it was when the set was made. */
export const repositoryOf = async (set: Manifest, settings: Settings): Promise<Repository | undefined> => {
  if (set.repository === undefined) return undefined;
  const folder = settings.repository ?? set.repository.location;
  const found = await openRepository(folder, "look");
  if (found !== undefined) return found;
  throw new QuiesceError(
    "unreachable",
    `The bytes of ${set.kind} ${set.name} lie in the repository ${set.repository.location}, and there is none in ${folder}.`,
    { hint: "Mount it, or name its new place: --repository FOLDER." },
  );
};

/** The repository of a run: a new backup goes to the configured one, a set's bytes are where it lies. */
export const repositoryFor = async (
  { workflow, backup }: Pick<Plan, "workflow" | "backup">,
  from: Manifest | undefined,
  settings: Settings,
  opening: Opening,
): Promise<Repository | undefined> => {
  if (from !== undefined) return await repositoryOf(from, settings);
  const moves = workflow === "backup" && backup?.kind === "backup";
  return moves ? await openRepository(repositoryFolder(settings), opening, settings.compress) : undefined;
};

/** What planning must know of it. One that would have to be made first is known by its place only. */
export const repositoryFacts = async (
  repository: Repository | undefined,
  { workflow, backup }: Pick<Plan, "workflow" | "backup">,
  settings: Settings,
  signal: AbortSignal,
): Promise<RepositoryFacts | undefined> => {
  if (repository === undefined) {
    const moves = workflow === "backup" && backup?.kind === "backup";
    return moves ? { id: "not made yet", location: repositoryFolder(settings) } : undefined;
  }
  const freeBytes = await repository.freeBytes(signal);
  const { id, location } = repository;
  return freeBytes === undefined ? { id, location } : { id, location, freeBytes };
};
