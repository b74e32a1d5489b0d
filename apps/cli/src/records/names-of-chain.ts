import { byBackupId, chainOf, type Manifest } from "@quiesce/core";

/** Names of the sets that a set builds on, the oldest first. */
export const namesOfChain = (set: Manifest, sets: readonly Manifest[]): readonly string[] => {
  const known = byBackupId([...sets, set]);
  const names = new Set<string>();
  for (const { instance } of set.items) {
    const chain = chainOf(set, instance, known);
    const parents = chain.is === "whole" ? chain.links.slice(1).map((link) => link.set.name) : [];
    for (const name of parents.toReversed()) names.add(name);
  }
  return [...names];
};
