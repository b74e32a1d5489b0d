import type { InstanceId, UnitId } from "../model/id.ts";
import type { Order } from "./order.ts";

/** Place in a stage: `level` orders units (each level is a stage of its own), `link` orders inside a unit. */
export interface Rank {
  readonly level: number;
  readonly link: number;
}

/**
 * Ranks the instances of one stage, dependencies first. An edge to another unit raises the level, an edge inside a
 * unit the link; what is not in the stage only passes the order on. Two units that need each other in different
 * instances are therefore no cycle.
 */
export const ranksOf = (
  order: Order,
  inStage: ReadonlySet<InstanceId>,
  unitOf: (id: InstanceId) => UnitId,
): ReadonlyMap<InstanceId, Rank> => {
  const ranks = new Map<InstanceId, Rank>();
  for (const id of order.sorted) {
    const unit = unitOf(id);
    let highest: Rank | undefined = inStage.has(id) ? { level: 0, link: 0 } : undefined;
    for (const need of order.needs.get(id) ?? []) {
      const below = ranks.get(need);
      if (below === undefined) continue;
      const step = inStage.has(need) ? 1 : 0;
      const rank =
        unitOf(need) === unit ? { level: below.level, link: below.link + step } : { level: below.level + 1, link: 0 };
      if (highest === undefined || isBelow(highest, rank)) highest = rank;
    }
    if (highest !== undefined) ranks.set(id, highest);
  }
  return ranks;
};

const isBelow = (a: Rank, b: Rank): boolean => a.level < b.level || (a.level === b.level && a.link < b.link);
