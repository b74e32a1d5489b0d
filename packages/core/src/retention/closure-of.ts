import type { Manifest } from "../model/manifest.ts";
import type { BackupId, InstanceId } from "../model/id.ts";

/** A set with an item that builds on an item of another set. */
export interface Dependant {
  readonly set: Manifest;
  readonly instances: readonly InstanceId[];
}

/**
 * The sets that must be removed with a set, because an item of theirs builds on it: newest first, the set itself last.
 * Removed one after another in this order, none is ever without what it needs. `sets`: newest first, as the catalogue
 * lists them; only those of the same deployment count.
 */
export const closureOf = (set: Manifest, sets: readonly Manifest[]): readonly Manifest[] => {
  const going = new Map<BackupId, Manifest>([[set.id, set]]);
  // A map is walked in the order of insertion, and what is inserted on the way is walked, too.
  for (const one of going.values()) for (const { set: next } of dependantsOf(one, sets)) going.set(next.id, next);
  return childrenFirst([...sets.filter(({ id }) => going.has(id) && id !== set.id), set]);
};

/** The sets of which an item builds directly on `set`; with `instances`, on one of these items. */
export const dependantsOf = (
  set: Manifest,
  sets: readonly Manifest[],
  instances?: ReadonlySet<InstanceId>,
): readonly Dependant[] =>
  sets.flatMap((other): readonly Dependant[] => {
    if (other.id === set.id || other.deployment !== set.deployment) return [];
    const building = other.items.filter(
      ({ parent, instance }) => parent === set.id && (instances?.has(instance) ?? true),
    );
    return building.length === 0 ? [] : [{ set: other, instances: building.map(({ instance }) => instance) }];
  });

/** Keeps the order that is given, except that no set comes before one that builds on it. A circle ends where it closes. */
const childrenFirst = (sets: readonly Manifest[]): readonly Manifest[] => {
  const sorted = new Set<Manifest>();
  const open = new Set<Manifest>();
  const waiting = sets.toReversed();
  for (let at = waiting.at(-1); at !== undefined; at = waiting.at(-1)) {
    const children = open.has(at) ? [] : dependantsOf(at, sets).map(({ set }) => set);
    const due = children.filter((child) => !sorted.has(child) && !open.has(child));
    open.add(at);
    if (due.length > 0) waiting.push(...due.toReversed());
    else {
      sorted.add(at);
      waiting.pop();
    }
  }
  return [...sorted];
};
