import type { Manifest, ManifestItem, Repository } from "@quiesce/core";
import { isStored } from "../records/stored-files.ts";

/** Those items of a set whose every artefact is there now, with what they cover. */
export const presentItems = async (
  { items }: Manifest,
  atProviders: ReadonlySet<string>,
  repository: Repository | undefined,
): Promise<readonly ManifestItem[]> => {
  const own = items.filter(({ coveredBy }) => coveredBy === undefined);
  const looked = await Promise.all(
    own.map(async (item) => ((await isThere(item, atProviders, repository)) ? [item] : [])),
  );
  const there = new Set(looked.flat().map(({ instance }) => instance));
  return items.filter(({ instance, coveredBy }) => there.has(coveredBy ?? instance));
};

const isThere = async (
  { artefacts, base }: ManifestItem,
  atProviders: ReadonlySet<string>,
  repository: Repository | undefined,
): Promise<boolean> => {
  for (const artefact of artefacts) {
    if (!isStored(artefact)) {
      // Without its point of change tracking only the next increment becomes a full backup.
      if (artefact.id !== base && !atProviders.has(artefact.id)) return false;
    } else if (repository === undefined || (await repository.inspect(artefact)).length > 0) return false;
  }
  return artefacts.length > 0;
};
