import type { Artefact } from "../model/artefact.ts";

/**
 * Artefacts in an order in which none is removed before those that need it: children before parents, and what was
 * recorded last first. A circle of parents, which no provider makes, ends where it closes.
 */
export const newestFirst = (artefacts: readonly Artefact[]): readonly Artefact[] => {
  const depth = depthsOf(artefacts);
  return artefacts
    .map((artefact, index) => ({ artefact, index, depth: depth.get(artefact.id) ?? 0 }))
    .sort((a, b) => b.depth - a.depth || b.index - a.index)
    .map(({ artefact }) => artefact);
};

/** How many parents each artefact stands on, within this list. */
export const depthsOf = (artefacts: readonly Artefact[]): ReadonlyMap<string, number> => {
  const parentOf = new Map(artefacts.map(({ id, parent }) => [id, parent]));
  const depths = new Map<string, number>();
  for (const { id } of artefacts) {
    const path: string[] = [];
    const onPath = new Set<string>();
    let at: string | undefined = id;
    while (at !== undefined && parentOf.has(at) && !depths.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = parentOf.get(at);
    }
    let depth = at === undefined ? -1 : (depths.get(at) ?? -1);
    for (const one of path.toReversed()) depths.set(one, (depth += 1));
  }
  return depths;
};
