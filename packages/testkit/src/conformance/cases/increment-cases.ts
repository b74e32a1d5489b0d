import { expect } from "vitest";
import type { Manifest } from "@quiesce/core";
import type { Case } from "../conformance.ts";
import { backUp, expectRestored } from "../lasting.ts";
import { first } from "../look.ts";
import type { Stage } from "../stage.ts";

const proves = ["vm.backup.create", "vm.backup.restore"];

const itemOf = (set: Manifest) => {
  const item = set.items.find(({ instance }) => instance === "vm1");
  if (item === undefined) throw new Error(`The set ${set.name} holds no vm1.`);
  return item;
};

const disksOf = (set: Manifest) => itemOf(set).artefacts.filter(({ kind }) => kind === "disk");

/** Backs up after the guest wrote this, and tells what it held then. */
const written = async (stage: Stage, text: string, incremental: boolean): Promise<[Manifest, string]> => {
  const { vms, truth } = stage.scene;
  const vm = first(vms);
  await truth.write(vm, text);
  const content = await truth.contents(vm);
  return [await backUp(stage, text, { incremental }), content];
};

/** Differences, the chains that they make, and what happens when nobody knows any more what changed. */
export const incrementCases: readonly Case[] = [
  {
    title: "backup: each of a full one and two increments restores what the guest held then",
    proves,
    scene: {},
    run: async (stage) => {
      const [full, one] = await written(stage, "one", false);
      const [second, two] = await written(stage, "two", true);
      const [third, three] = await written(stage, "three", true);
      expect(itemOf(full).parent).toBeUndefined();
      expect(itemOf(second).parent).toBe(full.id);
      expect(itemOf(third).parent).toBe(second.id);
      const parents = new Set([...disksOf(full), ...disksOf(second)].map(({ id }) => id));
      for (const disk of disksOf(third)) expect(parents).toContain(disk.parent);
      await expectRestored(stage, "three", three);
      await expectRestored(stage, "one", one);
      await expectRestored(stage, "two", two);
    },
  },
  {
    title: "backup: a backup after a restore is a full one and says why",
    proves,
    scene: {},
    run: async (stage) => {
      const [, one] = await written(stage, "one", false);
      await expectRestored(stage, "one", one);
      const planned = await stage.plan("backup", { kind: "backup", name: "two", incremental: true });
      const [after, two] = await written(stage, "two", true);
      expect(disksOf(after).every(({ parent }) => parent === undefined)).toBe(true);
      const notes = planned.ok ? planned.value.notes.map(({ message }) => message) : [];
      expect([...notes, ...(itemOf(after).notes ?? [])].join("\n")).toMatch(/full|whole/);
      await stage.scene.truth.write(first(stage.scene.vms), "later");
      await expectRestored(stage, "two", two);
    },
  },
  {
    title:
      "T-35: backup: where the changes of one disk are lost, that disk alone is stored whole and the next one is a difference again",
    proves,
    scene: { volumesPerVm: 2 },
    wants: ["loseTracking"],
    run: async (stage) => {
      await written(stage, "one", false);
      const lost = (await stage.scene.truth.loseTracking?.(first(stage.scene.vms))) ?? "";
      const [second, two] = await written(stage, "two", true);
      const whole = disksOf(second).filter(({ parent }) => parent === undefined);
      expect(whole.map(({ name }) => name)).toEqual([lost]);
      expect(disksOf(second).length).toBeGreaterThan(1);
      expect(itemOf(second).notes?.join("\n")).toContain(lost);
      const [third, three] = await written(stage, "three", true);
      expect(disksOf(third).every(({ parent }) => parent !== undefined)).toBe(true);
      await expectRestored(stage, "three", three);
      await expectRestored(stage, "two", two);
    },
  },
];
