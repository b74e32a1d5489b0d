import type { Manifest } from "../model/manifest.ts";
import type { BackupId } from "../model/id.ts";
import { childrenOf, type Children } from "./children.ts";

/**
 * The sets that must be removed with a set, because an item of theirs builds on it: newest first, the set itself last.
 * Removed one after another in this order, none is ever without what it needs. `sets`: newest first, as the catalogue
 * lists them; only those of the same deployment count.
 */
export const closureOf = (set: Manifest, sets: readonly Manifest[]): readonly Manifest[] => {
  const others = sets.filter(({ id, deployment }) => id !== set.id && deployment === set.deployment);
  const children = childrenOf(others);
  const going = new Set<BackupId>([set.id]);
  // A set is walked in the order of insertion, and what is inserted on the way is walked, too.
  for (const id of going) for (const child of children.get(id) ?? []) going.add(child.id);
  return inOrder([...others.filter(({ id }) => going.has(id)), set], children);
};

/** The order that is given, except that no set comes before one that builds on it. A circle ends where it closes. */
export const childrenFirst = (sets: readonly Manifest[]): readonly Manifest[] => inOrder(sets, childrenOf(sets));

const inOrder = (sets: readonly Manifest[], children: Children): readonly Manifest[] => {
  const sorted = new Set<Manifest>();
  const open = new Set<Manifest>();
  const wanted = new Set(sets);
  const waiting = sets.toReversed();
  for (let at = waiting.at(-1); at !== undefined; at = waiting.at(-1)) {
    const due = open.has(at)
      ? []
      : (children.get(at.id) ?? []).filter((child) => wanted.has(child) && !open.has(child));
    open.add(at);
    if (due.length > 0) waiting.push(...due.toReversed());
    else {
      sorted.add(at);
      waiting.pop();
    }
  }
  return [...sorted];
};
