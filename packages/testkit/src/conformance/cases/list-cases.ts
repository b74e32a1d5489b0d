import { expect } from "vitest";
import type { Case } from "../conformance.ts";
import { first, rowOf } from "../look.ts";

const proves = ["vm.snapshot.create", "vm.snapshot.restore", "vm.snapshot.remove"];
const names = ["one", "two", "three", "four", "five", "six", "seven"];

/** Lists that come in pages, and removals of one object among many. */
export const listCases: readonly Case[] = [
  {
    title: "T-22: what stands on a later page of a list is found: no second one is made, and it is removed",
    proves,
    scene: {},
    wants: ["listInPages"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.listInPages?.(2, "whole");
      for (const name of names) {
        const { plan, run } = await stage.run("backup", { name });
        // Again, with a journal that was lost: it must be found where it is.
        const again = await stage.start(plan, run, {}, stage.forgetful());
        expect(again.summary.status, JSON.stringify(again.summary.instances)).toBe("succeeded");
      }
      expect(await truth.artefacts(vm)).toHaveLength(names.length);
      for (const name of names.toReversed()) {
        const { summary } = await stage.run("remove_backup", { name });
        expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
      }
      expect(await truth.artefacts(vm)).toEqual([]);
    },
  },
  {
    title: "T-22: a list whose pages repeat is no list: nothing is made and nothing is removed by it",
    proves,
    scene: {},
    wants: ["listInPages"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await stage.run("backup");
      const there = await truth.artefacts(vm);
      await truth.listInPages?.(2, "repeating");
      const made = await stage.run("backup", { name: "another", quiesce: "off" });
      expect(rowOf(made.summary, "vm1", "snapshot.create")).toMatchObject({ status: "failed" });
      const removed = await stage.run("remove_backup");
      expect(rowOf(removed.summary, "vm1", "snapshot.remove")).toMatchObject({ status: "failed" });
      expect(await truth.artefacts(vm)).toEqual(there);
      await truth.listInPages?.(1000, "whole");
    },
  },
  {
    title: "T-19: a removal takes its artefact and nothing that was made after it, also while it removes",
    proves,
    scene: {},
    needs: "faults",
    breaks: "snapshot.remove",
    run: async (stage, { faults }) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await stage.run("backup");
      const [ours = ""] = await truth.artefacts(vm);
      const before = await truth.addForeign(vm, "made-before-the-removal");
      const call = faults?.callOf["snapshot.remove"] ?? "";
      await faults?.board.set({ call, target: vm.providerId, does: { what: "delay", ms: 400 } });
      const removing = stage.run("remove_backup");
      await new Promise((resolve) => setTimeout(resolve, 150));
      const during = await truth.addForeign(vm, "made-during-the-removal");
      const { summary } = await removing;
      expect(rowOf(summary, "vm1", "snapshot.remove").status, JSON.stringify(summary.instances)).toBe("succeeded");
      const left = await truth.artefacts(vm);
      expect(left).toEqual(expect.arrayContaining([before, during]));
      expect(left).not.toContain(ours);
    },
  },
];
