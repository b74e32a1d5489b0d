import type { InstanceId, UnitId } from "../model/id.ts";
import { isSome, type Some } from "../model/some.ts";
import type { Chain, Link, Stage, Step } from "./plan.ts";
import type { Rank } from "./ranks.ts";
import type { Units } from "./units.ts";

/** One instance's part of a stage: its steps in order. */
export interface Part {
  readonly id: InstanceId;
  readonly steps: Some<Step>;
}

/** A stage before it gets its name: levels in order, each with the links of its units. */
export type Levels = readonly ReadonlyMap<UnitId, readonly Link[]>[];

export type Direction = "dependencies-first" | "dependents-first";

/** Orders parts by rank. `parts` come sorted by id, so that equal input in another order gives the same stage. */
export const levelsOf = (
  parts: readonly Part[],
  ranks: ReadonlyMap<InstanceId, Rank>,
  unitOf: Units["unitOf"],
  direction: Direction,
): Levels => {
  const lowest = { level: 0, link: 0 };
  const byLevel = groupBy(parts, ({ id }) => (ranks.get(id) ?? lowest).level);
  return inOrder(byLevel, direction).map((level) => {
    const byUnit = groupBy(level, ({ id }) => unitOf(id));
    return new Map(
      [...byUnit].map(([unit, members]) => {
        const byLink = groupBy(members, ({ id }) => (ranks.get(id) ?? lowest).link);
        return [unit, inOrder(byLink, direction).flatMap(sideBySide)];
      }),
    );
  });
};

/** All parts of a unit at once, no unit waits for another: the shortest way where no order is needed. */
export const unordered = (parts: readonly Part[], unitOf: Units["unitOf"]): Levels =>
  levelsOf(parts, new Map(), unitOf, "dependencies-first");

/** The same parts, run backwards: what was frozen last is thawed first. */
export const reversed = (levels: Levels, replace: (step: Step) => Step | undefined): Levels =>
  levels
    .toReversed()
    .map(
      (level) =>
        new Map(
          [...level].map(([unit, links]) => [
            unit,
            links.toReversed().flatMap((link) => asLink(link.flatMap((step) => replace(step) ?? []))),
          ]),
        ),
    );

/** Links where the first steps of all parts stand side by side, then the second ones. */
const sideBySide = (parts: readonly Part[]): readonly Link[] => {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first.steps.map((step): Link => [step]);
  const longest = parts.reduce((length, { steps }) => Math.max(length, steps.length), 0);
  return Array.from({ length: longest }, (_, index) => parts.flatMap(({ steps }) => steps[index] ?? [])).flatMap(
    asLink,
  );
};

const asLink = (steps: readonly Step[]): readonly Link[] => (isSome(steps) ? [steps] : []);

/** Stages of this name, one per level; a stage without steps is none. */
export const stagesOf = (name: string, levels: Levels, { siteOf }: Units, redo: number): readonly Stage[] => {
  const filled = levels.map((level) => chainsOf(level, siteOf, redo)).filter((chains) => chains.length > 0);
  return filled.map((chains, index) => ({
    name: filled.length === 1 ? name : `${name} ${index + 1}/${filled.length}`,
    chains,
  }));
};

const chainsOf = (level: ReadonlyMap<UnitId, readonly Link[]>, siteOf: Units["siteOf"], redo: number): Chain[] =>
  [...level]
    .filter(([, links]) => links.length > 0)
    .map(([unit, links]) => ({ unit, site: siteOf(unit), links, redo }))
    .sort((a, b) => (a.unit < b.unit ? -1 : 1));

/** One stage in which each unit goes through all of `parts` in a row. */
export const inOneRow = (parts: readonly Levels[]): Levels => {
  const rows = new Map<UnitId, Link[]>();
  for (const level of parts.flat())
    for (const [unit, links] of level) {
      const row = rows.get(unit);
      if (row === undefined) rows.set(unit, [...links]);
      else row.push(...links);
    }
  return [rows];
};

const groupBy = <T, K>(list: readonly T[], keyOf: (entry: T) => K): ReadonlyMap<K, readonly T[]> =>
  Map.groupBy(list, keyOf);

const inOrder = <T>(groups: ReadonlyMap<number, readonly T[]>, direction: Direction): readonly (readonly T[])[] => {
  const ascending = [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
  return direction === "dependencies-first" ? ascending : ascending.toReversed();
};
