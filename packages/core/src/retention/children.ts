import type { Manifest } from "../model/manifest.ts";
import type { BackupId } from "../model/id.ts";

/** Set → the sets of which an item builds directly on it, in the order of the list. */
export type Children = ReadonlyMap<BackupId, readonly Manifest[]>;

export const childrenOf = (sets: readonly Manifest[]): Children => {
  const children = new Map<BackupId, Manifest[]>();
  for (const set of sets)
    for (const parent of new Set(set.items.flatMap((item) => item.parent ?? []))) {
      const known = children.get(parent);
      if (known === undefined) children.set(parent, [set]);
      else known.push(set);
    }
  return children;
};
