import type { InstanceId } from "../model/id.ts";
import type { Cast } from "./cast.ts";
import type { Draft } from "./draft.ts";
import type { Freezes } from "./freeze.ts";
import { levelsOf, reversed, stagesOf, type Levels } from "./levels.ts";
import type { Member } from "./member.ts";
import { orderOf } from "./order.ts";
import type { Step } from "./plan.ts";
import { ranksOf, type Rank } from "./ranks.ts";
import type { Restores } from "./restores.ts";
import type { Planning } from "./world.ts";

/**
 * Services are prepared, the machines' content is changed, guests that may have come back frozen are thawed, services are
 * finalized.
 */
export const restoreStages = (
  planning: Planning,
  { units, members }: Cast,
  restores: Restores,
  prepared: Freezes,
): Draft["stages"] => {
  const { unitOf } = units;
  const ids = new Set(prepared.parts.map(({ id }) => id));
  const prepare = levelsOf(prepared.parts, ranksOf(orderOf(planning), ids, unitOf), unitOf, "dependents-first");
  const restore = levelsOf(restores.parts, ranksByKind(members), unitOf, "dependencies-first");
  const pay = (of: ReadonlyMap<Step["key"], Step>, levels: Levels): Levels =>
    reversed(levels, ({ key }) => of.get(key));
  return [
    ...stagesOf("prepare services", prepare, units, 0),
    ...stagesOf("restore", restore, units, 0),
    ...stagesOf("thaw check", pay(restores.payOf, restore), units, 0),
    ...stagesOf("finalize services", pay(prepared.payOf, prepare), units, 0),
  ];
};

/** Inside a unit: networks and volumes, then machines, then what runs in them. */
const ranksByKind = (members: readonly Member[]): ReadonlyMap<InstanceId, Rank> => {
  const links = { network: 0, volume: 0, vm: 1, other: 2 } as const;
  return new Map(members.map(({ id, target }) => [id, { level: 0, link: links[target.kind] }]));
};
