import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cellOf, kinds, operationsOf, type Matrix, type Plugin } from "@quiesce/core";
import type { SceneSize, World } from "../world/world.ts";
import { captureCases } from "./cases/capture-cases.ts";
import { compareCases } from "./cases/compare-cases.ts";
import { faultCases } from "./cases/fault-cases.ts";
import { freezeCases } from "./cases/freeze-cases.ts";
import { ownershipCases } from "./cases/ownership-cases.ts";
import { powerCases } from "./cases/power-cases.ts";
import { unsupportedCases } from "./cases/unsupported-cases.ts";
import { Stage } from "./stage.ts";

export interface ConformanceOptions {
  readonly plugin: Plugin;
  /** Brings the world up; undefined when it is not there, and then `missing` says how to get it. */
  readonly world: () => Promise<World | undefined>;
  readonly missing?: string;
  /** False for the real thing, which has no faults on demand: the cases that need them are left to a simulator. Default true. */
  readonly faults?: boolean;
}

/** One law: what it is called, which cells it proves, and how. */
export interface Case {
  readonly title: string;
  /** `vm.suspend`, `network.snapshot.restore`: each must be supported (or by-compare) for the case to apply. */
  readonly proves: readonly string[];
  readonly scene: Partial<SceneSize>;
  readonly needs?: "faults";
  readonly run: (stage: Stage, world: World) => Promise<void>;
}

const allCases: readonly Case[] = [
  ...powerCases,
  ...freezeCases,
  ...captureCases("snapshot"),
  ...captureCases("backup"),
  ...ownershipCases,
  ...compareCases,
  ...faultCases,
];

/** Proves every cell of a plugin's matrix in a world: what it supports works, and what it does not support calls nothing. */
export const conformance = ({ plugin, world: bringUp, missing, faults = true }: ConformanceOptions): void => {
  let world: World | undefined;
  beforeAll(async () => {
    world = await bringUp();
  });
  afterAll(async () => {
    await world?.close();
  });
  const run = async (one: Case, skip: (reason: string) => void): Promise<void> => {
    if (world === undefined) return skip(missing ?? "the world is not there");
    const stage = new Stage(world, await world.make({ vms: 1, volumesPerVm: 1, networks: 0, ...one.scene }));
    try {
      await one.run(stage, world);
      for (const canary of world.canaries) expect(stage.said(), "a planted secret was printed").not.toContain(canary);
    } finally {
      await world.faults?.board.clear();
      await stage.close();
    }
  };
  const applicable = allCases.filter(
    ({ proves, needs }) =>
      (faults || needs !== "faults") && proves.every((cell) => isProved(plugin.capabilities, cell)),
  );
  describe(`cells of ${plugin.name} that work`, () => {
    test.for(applicable)("$title", async (one, { skip }) => {
      await run(one, skip);
    });
  });
  describe(`cells of ${plugin.name} that do not`, () => {
    test.for(unsupportedCases(plugin.capabilities))("$title", async (one, { skip }) => {
      await run(one, skip);
    });
  });
  test("every cell that is declared as working has a case that proves it", () => {
    const proved = new Set(applicable.flatMap(({ proves }) => proves));
    const declared = kinds.flatMap((kind) => operationsOf(kind).map((operation) => `${kind}.${operation}`));
    const open = declared.filter((cell) => isProved(plugin.capabilities, cell) && !proved.has(cell));
    expect(open).toEqual([]);
  });
};

const isProved = (matrix: Matrix, cell: string): boolean => {
  const mode = modeOf(matrix, cell);
  return mode === "supported" || mode === "by-compare" || mode === "by-vm";
};

const modeOf = (matrix: Matrix, name: string) => {
  const kind = kinds.find((one) => name.startsWith(`${one}.`));
  const operation = kind && operationsOf(kind).find((one) => name === `${kind}.${one}`);
  return kind && operation && cellOf(matrix, kind, operation)?.mode;
};
