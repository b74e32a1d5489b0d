import { expect } from "vitest";
import type { Case } from "../conformance.ts";
import { first, rowOf } from "../look.ts";

const cells = ["vm.suspend", "vm.resume"];

export const powerCases: readonly Case[] = [
  {
    title: "suspend puts a running machine to rest, and resume wakes it",
    proves: cells,
    scene: {},
    run: async (stage) => {
      const vm = first(stage.scene.vms);
      const { summary } = await stage.run("suspend");
      expect(rowOf(summary, "vm1", "suspend")).toMatchObject({ status: "succeeded", mode: "supported" });
      expect(await stage.scene.truth.power(vm)).toBe("resting");
      expect((await stage.run("resume")).summary.status).toBe("succeeded");
      expect(await stage.scene.truth.power(vm)).toBe("running");
    },
  },
  {
    title: "suspend twice and resume twice end as once",
    proves: cells,
    scene: {},
    run: async (stage) => {
      const vm = first(stage.scene.vms);
      for (const workflow of ["suspend", "suspend", "resume", "resume"] as const)
        expect((await stage.run(workflow)).summary.status, workflow).toBe("succeeded");
      expect(await stage.scene.truth.power(vm)).toBe("running");
    },
  },
  {
    title: "a machine that was off before a suspend is off after the resume",
    proves: cells,
    scene: { vms: 2 },
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const [on, off] = [first(vms), first(vms.slice(1))];
      await truth.turnOff(off);
      expect((await stage.run("suspend")).summary.status).toBe("succeeded");
      expect((await stage.run("resume")).summary.status).toBe("succeeded");
      expect([await truth.power(on), await truth.power(off)]).toEqual(["running", "off"]);
    },
  },
  {
    title: "T-31: a machine that its user paused is captured as paused, without a freeze, and no resume wakes it",
    proves: [...cells, "vm.freeze", "vm.snapshot.create"],
    scene: {},
    wants: ["pause"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.pause?.(vm);
      const { summary } = await stage.run("backup");
      expect(rowOf(summary, "vm1", "snapshot.create")).toMatchObject({ status: "succeeded", consistency: "paused" });
      expect(rowOf(summary, "vm1", "freeze").status).toBe("skipped");
      for (const workflow of ["suspend", "resume"] as const)
        expect((await stage.run(workflow)).summary.status, workflow).toBe("succeeded");
      expect(await truth.power(vm)).toBe("resting");
    },
  },
  {
    title: "a suspend whose journal was lost remembers the state before it",
    proves: cells,
    scene: {},
    run: async (stage) => {
      const { plan, run } = await stage.run("suspend");
      const forgotten = stage.forgetful();
      const again = await stage.start(plan, run, {}, forgotten);
      expect(again.summary.status).toBe("succeeded");
      expect((await stage.run("resume", {}, forgotten)).summary.status).toBe("succeeded");
      expect(await stage.scene.truth.power(first(stage.scene.vms))).toBe("running");
    },
  },
];
