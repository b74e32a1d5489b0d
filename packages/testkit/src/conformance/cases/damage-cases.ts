import { expect } from "vitest";
import { exitCodeOfRun, isProviderFailure, type Manifest } from "@quiesce/core";
import type { Case } from "../conformance.ts";
import { backUp, expectRestored } from "../lasting.ts";
import { first, rowOf } from "../look.ts";
import type { Stage } from "../stage.ts";

const kind = "backup";
const proves = ["vm.backup.create", "vm.backup.restore"];

const disksOf = (set: Manifest): readonly string[] =>
  set.items.flatMap(({ artefacts }) => artefacts.filter((one) => one.kind === "disk").map(({ id }) => id));

/** The first disk that holds a byte. */
const flipOne = ({ repository }: Stage, set: Manifest): void => {
  for (const id of disksOf(set)) {
    try {
      return repository.flip(id);
    } catch (thrown) {
      if (!isProviderFailure(thrown)) throw thrown;
    }
  }
  throw new Error(`No disk of ${set.name} holds a byte.`);
};

/** The restore ends before anything is switched: the machine runs on with what it held. */
const expectRefused = async (stage: Stage, name: string): Promise<void> => {
  const { vms, truth } = stage.scene;
  const vm = first(vms);
  await truth.write(vm, "must stay");
  const there = await truth.contents(vm);
  const artefacts = await truth.artefacts(vm);
  const { summary } = await stage.run("restore", { kind, name });
  expect(rowOf(summary, "vm1", "backup.restore")).toMatchObject({ status: "failed", code: "damaged" });
  expect(exitCodeOfRun(summary)).toBe(6);
  expect(await truth.contents(vm)).toBe(there);
  expect(await truth.artefacts(vm)).toEqual(artefacts);
  expect(await truth.power(vm)).toBe("running");
};

/** Bytes that are not what was written never reach a machine. */
export const damageCases: readonly Case[] = [
  {
    title: "backup: a flipped byte ends the restore with 6 before anything is switched",
    proves,
    scene: {},
    run: async (stage) => {
      const vm = first(stage.scene.vms);
      await stage.scene.truth.write(vm, "before");
      const set = await backUp(stage, "proof");
      flipOne(stage, set);
      await expectRefused(stage, "proof");
    },
  },
  {
    title:
      "backup: a missing parent ends the restore with 6 before anything is switched, and the parent's own set stays as it is",
    proves,
    scene: {},
    run: async (stage) => {
      const vm = first(stage.scene.vms);
      await stage.scene.truth.write(vm, "one");
      const full = await backUp(stage, "one");
      await stage.scene.truth.write(vm, "two");
      await backUp(stage, "two", { incremental: true });
      for (const id of disksOf(full)) stage.repository.lose(id);
      await expectRefused(stage, "two");
    },
  },
  {
    title: "backup: a restore that failed for damage can be followed by one of a sound set",
    proves,
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.write(vm, "sound");
      const sound = await truth.contents(vm);
      await backUp(stage, "sound");
      await truth.write(vm, "damaged");
      flipOne(stage, await backUp(stage, "damaged"));
      await expectRefused(stage, "damaged");
      await expectRestored(stage, "sound", sound);
    },
  },
];
