import { expect } from "vitest";
import type { Case } from "../conformance.ts";
import { first, rowOf } from "../look.ts";

export const freezeCases: readonly Case[] = [
  {
    title: "freeze stops the guest's file systems for the capture, and thaw lets them go",
    proves: ["vm.freeze", "vm.thaw", "vm.snapshot.create"],
    scene: { vms: 2 },
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const frozen: boolean[] = [];
      const { summary } = await stage.run("backup", {
        insideWindow: async () => {
          for (const vm of vms) frozen.push(await truth.isFrozen(vm));
        },
      });
      expect(frozen).toEqual([true, true]);
      expect(summary.status).toBe("succeeded");
      for (const vm of vms) expect(await truth.isFrozen(vm)).toBe(false);
      expect(rowOf(summary, "vm1", "snapshot.create").consistency).toMatch(/^(fs|app)$/);
      expect(rowOf(summary, "vm1", "thaw").freezeWindowMs).toBeGreaterThanOrEqual(0);
    },
  },
  {
    title: "scope instance freezes one machine at a time as well",
    proves: ["vm.freeze", "vm.thaw", "vm.snapshot.create"],
    scene: {},
    run: async (stage) => {
      const vm = first(stage.scene.vms);
      const { summary } = await stage.run("backup", {
        scope: "instance",
        insideWindow: async () => expect(await stage.scene.truth.isFrozen(vm)).toBe(true),
      });
      expect(summary.status).toBe("succeeded");
      expect(await stage.scene.truth.isFrozen(vm)).toBe(false);
    },
  },
  {
    title: "T-07: a freeze that froze nothing is none: it fails, and nothing is called consistent",
    proves: ["vm.freeze", "vm.snapshot.create"],
    scene: {},
    wants: ["loseFileSystems"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const before = await truth.artefacts(vm);
      await truth.loseFileSystems?.(vm);
      const { summary } = await stage.run("backup");
      expect(rowOf(summary, "vm1", "freeze")).toMatchObject({ status: "failed", reason: expect.stringMatching(/\S/) });
      expect(summary.status).toBe("failed");
      expect(await truth.artefacts(vm)).toEqual(before);
      const taken = await stage.run("backup", { quiesce: "try", name: "anyway" });
      expect(rowOf(taken.summary, "vm1", "snapshot.create").consistency).not.toMatch(/^(fs|app)$/);
    },
  },
  {
    title: "quiesce off makes no freeze and does not claim one",
    proves: ["vm.freeze", "vm.snapshot.create"],
    scene: {},
    run: async (stage) => {
      const { summary } = await stage.run("backup", { quiesce: "off" });
      expect(summary.instances.some(({ operation, status }) => operation === "freeze" && status === "succeeded")).toBe(
        false,
      );
      expect(rowOf(summary, "vm1", "snapshot.create").consistency).not.toMatch(/^(fs|app)$/);
    },
  },
];
