import { expect } from "vitest";
import type { Case } from "../conformance.ts";
import { backUp, expectRestored, setNamed } from "../lasting.ts";
import { first, rowOf } from "../look.ts";

const kind = "backup";
const proves = ["vm.backup.create", "vm.backup.restore"];

/** A backup outlives its machine, makes another one beside it, and goes when it is removed, with nothing else. */
export const lastingCases: readonly Case[] = [
  {
    title: "backup: a machine that is gone comes back with its content",
    proves,
    scene: {},
    wants: ["destroy"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.write(vm, "before");
      const before = await truth.contents(vm);
      await backUp(stage, "proof");
      await truth.destroy?.(vm);
      await expectRestored(stage, "proof", before);
    },
  },
  {
    title: "backup: a restore beside the original makes another machine and leaves the original alone",
    proves,
    scene: {},
    wants: ["machine"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.write(vm, "before");
      const before = await truth.contents(vm);
      await backUp(stage, "proof");
      await truth.write(vm, "goes on");
      const there = await truth.contents(vm);
      const name = `${vm.name}-beside`;
      const { summary } = await stage.run("restore", { kind, as: { name, connect: false } });
      expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
      const made = await truth.machine?.(name);
      if (made === undefined) throw new Error(`There is no machine ${name}.`);
      expect(made.providerId).not.toBe(vm.providerId);
      expect(await truth.contents(made)).toBe(before);
      expect(await truth.contents(vm)).toBe(there);
      expect(await truth.power(vm)).toBe("running");
    },
  },
  {
    title: "backup: removal takes away its files, its manifest and its point of change tracking, and no other set's",
    proves: [...proves, "vm.backup.remove"],
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.write(vm, "stays");
      const content = await truth.contents(vm);
      await backUp(stage, "stays");
      const [files, artefacts] = [stage.repository.files(), await truth.artefacts(vm)];
      await truth.write(vm, "goes");
      await backUp(stage, "goes");
      const { summary } = await stage.run("remove_backup", { kind, name: "goes" });
      expect(rowOf(summary, "vm1", "backup.remove").status).toBe("succeeded");
      expect(stage.repository.files()).toEqual(files);
      expect(stage.repository.kept().map(({ manifest }) => manifest)).toEqual([await setNamed(stage, "stays")]);
      expect(await truth.artefacts(vm)).toEqual(artefacts);
      await expectRestored(stage, "stays", content);
    },
  },
  {
    title: "backup: another tool's point of change tracking is left alone, whatever it is called",
    proves: [...proves, "vm.backup.remove"],
    scene: {},
    wants: ["addForeignPoint"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const foreign = await truth.addForeignPoint?.(vm, "quiesce-proof");
      const planned = await stage.plan("backup", { kind });
      // A provider that cannot track beside another tool refuses; where it can, both live side by side.
      if (planned.ok) {
        await stage.run("backup", { kind });
        if ((await stage.backup({ kind })) !== undefined) await stage.run("remove_backup", { kind });
      }
      expect(await truth.artefacts(vm)).toEqual([foreign]);
    },
  },
  {
    title: "backup: a point of change tracking that somebody put in the place of ours is not removed",
    proves: [...proves, "vm.backup.remove"],
    scene: {},
    wants: ["addForeignPoint"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const set = await backUp(stage, "proof");
      const ours = await truth.artefacts(vm);
      const artefacts = set.items.flatMap((item) => item.artefacts);
      const name = artefacts.find(({ id, name: label }) => ours.includes(id) || ours.includes(label))?.name;
      if (name === undefined) throw new Error("The set names no point of change tracking of the machine.");
      for (const artefact of ours) await truth.removeArtefact(vm, artefact);
      const foreign = await truth.addForeignPoint?.(vm, name);
      await stage.run("remove_backup", { kind });
      expect(await truth.artefacts(vm)).toEqual([foreign]);
    },
  },
];
