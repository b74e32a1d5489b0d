import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cellOf, kinds, operationsOf, type Matrix, type Plugin } from "@quiesce/core";
import type { SceneSize, Truth, World } from "../world/world.ts";
import { captureCases } from "./cases/capture-cases.ts";
import { callToBreak, type BrokenCall } from "./broken-call.ts";
import { compareCases } from "./cases/compare-cases.ts";
import { damageCases } from "./cases/damage-cases.ts";
import { discardCases, foreignDiscardCases } from "./cases/discard-cases.ts";
import { faultCases } from "./cases/fault-cases.ts";
import { freezeCases } from "./cases/freeze-cases.ts";
import { holdCases } from "./cases/hold-cases.ts";
import { holdFaultCases } from "./cases/hold-fault-cases.ts";
import { incrementCases } from "./cases/increment-cases.ts";
import { lastingCases } from "./cases/lasting-cases.ts";
import { listCases } from "./cases/list-cases.ts";
import { ownedCases, workingCases } from "./cases/owned-cases.ts";
import { ownershipCases } from "./cases/ownership-cases.ts";
import { powerCases } from "./cases/power-cases.ts";
import { sessionCases } from "./cases/session-cases.ts";
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
  /** The call that must be broken; a world that does not name it is told as missing it. */
  readonly breaks?: BrokenCall;
  /** What the world must be able to do beside; one that cannot is told as missing it. */
  readonly wants?: readonly (keyof Truth)[];
  /** It ends in doubt: a call that may still come true keeps what it may need, so something of ours may be left. */
  readonly doubt?: true;
  readonly run: (stage: Stage, world: World) => Promise<void>;
}

const allCases: readonly Case[] = [
  ...powerCases,
  ...freezeCases,
  ...captureCases("snapshot"),
  ...captureCases("backup"),
  ...ownershipCases,
  ...discardCases("snapshot"),
  ...discardCases("backup"),
  ...foreignDiscardCases,
  ...ownedCases("snapshot"),
  ...ownedCases("backup"),
  ...workingCases,
  ...listCases,
  ...compareCases,
  ...faultCases,
  ...sessionCases,
  ...holdCases,
  ...holdFaultCases,
  ...incrementCases,
  ...damageCases,
  ...lastingCases,
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
      const lacking = lackingIn(one, world, stage.scene.truth);
      if (lacking !== undefined) return skip(`${world.name} cannot show it: it has no ${lacking}`);
      await one.run(stage, world);
      await world.faults?.board.clear();
      if (one.doubt !== true)
        expect(await stage.leftovers(), "objects with our tag that no set names (T-10)").toEqual([]);
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
    // A loop, not test.for: vitest cuts a title that it formats.
    for (const one of applicable) test(one.title, async ({ skip }) => await run(one, skip));
  });
  const unsupported = unsupportedCases(plugin.capabilities);
  describe.skipIf(unsupported.length === 0)(`cells of ${plugin.name} that do not`, () => {
    for (const one of unsupported) test(one.title, async ({ skip }) => await run(one, skip));
  });
  test("every cell that is declared as working has a case that proves it", () => {
    const proved = new Set(applicable.flatMap(({ proves }) => proves));
    const declared = kinds.flatMap((kind) => operationsOf(kind).map((operation) => `${kind}.${operation}`));
    const open = declared.filter((cell) => isProved(plugin.capabilities, cell) && !proved.has(cell));
    expect(open).toEqual([]);
  });
};

const lackingIn = ({ wants = [], breaks }: Case, { faults }: World, truth: Truth): string | undefined => {
  const ability = wants.find((one) => truth[one] === undefined);
  if (ability !== undefined) return `truth of ${ability}`;
  return breaks !== undefined && callToBreak(faults, breaks) === undefined ? `call to break in ${breaks}` : undefined;
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
