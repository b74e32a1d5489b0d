import type { BackupId } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import { chainOf } from "./chain.ts";

/** Why a set cannot be restored whole, as far as is known; undefined when it can. Ends a sentence. */
export const flawOfSet = (set: Manifest, sets: ReadonlyMap<BackupId, Manifest>): string | undefined => {
  if (!set.complete) return "its run did not end well, or works still";
  if (set.items.length === 0) return "it holds nothing";
  const damage = set.checked?.damage[0];
  if (damage !== undefined) return `it is damaged (${damage.file}: ${damage.reason})`;
  for (const { instance } of set.items) {
    const chain = chainOf(set, instance, sets);
    if (chain.is === "broken") return `of ${instance}, ${chain.reason}`;
  }
  return undefined;
};
