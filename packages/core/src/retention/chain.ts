import type { BackupId, InstanceId } from "../model/id.ts";
import type { Manifest, ManifestItem } from "../model/manifest.ts";

export interface ChainLink {
  readonly set: Manifest;
  readonly item: ManifestItem;
}

/** What must be there for an item to be restored: itself first, the full one that all build on last. */
export type SetChain =
  | { readonly is: "whole"; readonly links: readonly ChainLink[] }
  /** `reason` ends a sentence: `set mon, on which it builds, is missing`. */
  | { readonly is: "broken"; readonly reason: string };

export const byBackupId = (sets: readonly Manifest[]): ReadonlyMap<BackupId, Manifest> =>
  new Map(sets.map((set) => [set.id, set]));

/** Follows the parents of an instance's item through the sets that are known. A circle of parents is broken, too. */
export const chainOf = (set: Manifest, instance: InstanceId, sets: ReadonlyMap<BackupId, Manifest>): SetChain => {
  const links: ChainLink[] = [];
  const seen = new Set<BackupId>();
  let id: BackupId | undefined = set.id;
  let at: Manifest | undefined = set;
  while (id !== undefined) {
    if (at === undefined) return { is: "broken", reason: `set ${id}, on which it builds, is missing` };
    if (seen.has(id)) return { is: "broken", reason: `set ${at.name} builds on itself` };
    seen.add(id);
    const item: ManifestItem | undefined = at.items.find((one) => one.instance === instance);
    const why = item === undefined ? "holds nothing of it" : flawOf(at, item);
    if (item === undefined || why !== undefined)
      return {
        is: "broken",
        reason: `${at.kind} ${at.name}${links.length === 0 ? "" : ", on which it builds,"} ${why}`,
      };
    links.push({ set: at, item });
    id = item.parent;
    at = id === undefined ? undefined : sets.get(id);
  }
  return { is: "whole", links };
};

/** Why an item cannot be restored, apart from its parents. */
const flawOf = ({ checked, items }: Manifest, item: ManifestItem): string | undefined => {
  if (item.status === "captured") return "never got all its bytes";
  if (item.status === "failed") return "failed for it";
  const others = new Set(items.flatMap((one) => (one === item ? [] : one.artefacts.map(({ id }) => id))));
  // A damaged file that is no other item's may be this one's, or lie below it.
  const damage = checked?.damage.find(({ file }) => !others.has(file));
  return damage && `is damaged (${damage.file}: ${damage.reason})`;
};
