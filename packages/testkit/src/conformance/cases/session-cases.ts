import { expect } from "vitest";
import type { Operation, Workflow } from "@quiesce/core";
import { callToBreak, type BrokenCall } from "../broken-call.ts";
import type { Case } from "../conformance.ts";
import { expectNothingHeld, expectRestored, interruptedBackUp } from "../lasting.ts";
import { first } from "../look.ts";
import type { Stage } from "../stage.ts";
import type { World } from "../../world/world.ts";

const endSessionIn = async (stage: Stage, { faults }: World, what: BrokenCall): Promise<void> => {
  const call = callToBreak(faults, what);
  if (call === undefined) throw new Error(`The world names no call of ${what}.`);
  await faults?.board.set({ call, target: first(stage.scene.vms).providerId, does: { what: "end-session" } });
};

const nobodyFrozen = async ({ scene: { vms, truth } }: Stage): Promise<void> => {
  for (const vm of vms) expect(await truth.isFrozen(vm)).toBe(false);
};

/** The workflow that makes an operation's call, and how many artefacts it makes. */
const routes: readonly { readonly operation: Operation; readonly workflow: Workflow; readonly makes: number }[] = [
  { operation: "suspend", workflow: "suspend", makes: 0 },
  { operation: "thaw", workflow: "backup", makes: 1 },
  { operation: "snapshot.create", workflow: "backup", makes: 1 },
];

const callsOnTheWay = routes.map(({ operation, workflow, makes }): Case => ({
  title: `T-24: ${operation}: a session that ends in the middle of a run is opened again, and nothing is done twice`,
  proves: [`vm.${operation}`, ...(workflow === "backup" ? ["vm.snapshot.create"] : [])],
  scene: {},
  needs: "faults",
  breaks: operation,
  run: async (stage, world) => {
    const vm = first(stage.scene.vms);
    await endSessionIn(stage, world, operation);
    const { summary } = await stage.run(workflow);
    expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
    expect(await stage.scene.truth.artefacts(vm)).toHaveLength(makes);
    await nobodyFrozen(stage);
  },
}));

/** A run outlives the session that it began with: its token expires, its connection ends. */
export const sessionCases: readonly Case[] = [
  ...callsOnTheWay,
  {
    title: "T-24: freeze: a session that ends in it leaves nobody frozen, and the next run has one of its own",
    proves: ["vm.freeze", "vm.thaw", "vm.snapshot.create"],
    scene: {},
    needs: "faults",
    breaks: "freeze",
    run: async (stage, world) => {
      await endSessionIn(stage, world, "freeze");
      const { summary } = await stage.run("backup");
      expect(summary.frozen).toEqual([]);
      await nobodyFrozen(stage);
      const again = await stage.run("backup", { name: "again" });
      expect(again.summary.status, JSON.stringify(again.summary.instances)).toBe("succeeded");
    },
  },
  {
    title: "T-24: backup: a session that ends while the bytes are moved costs nothing, and nothing stays held",
    proves: ["vm.backup.create", "vm.backup.restore"],
    scene: {},
    needs: "faults",
    breaks: "release",
    run: async (stage, world) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.write(vm, "before");
      const content = await truth.contents(vm);
      const summary = await interruptedBackUp(stage, { kind: "backup" }, () => endSessionIn(stage, world, "release"));
      expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
      await expectNothingHeld(stage, summary);
      await truth.write(vm, "after");
      await expectRestored(stage, "proof", content);
    },
  },
];
