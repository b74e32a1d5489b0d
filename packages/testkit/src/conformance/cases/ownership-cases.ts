import { expect } from "vitest";
import type { Case } from "../conformance.ts";
import { first, rowOf } from "../look.ts";
import { Stage } from "../stage.ts";

export const ownershipCases: readonly Case[] = [
  {
    title: "T-20: a foreign artefact is never touched, whatever it is called",
    proves: ["vm.snapshot.create", "vm.snapshot.remove"],
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const foreign = await truth.addForeign(vm, "quiesce-proof");
      await stage.run("backup");
      await stage.run("remove_backup");
      expect(await truth.artefacts(vm)).toContain(foreign);
    },
  },
  {
    title: "T-21: a foreign artefact that has the very name of ours is neither adopted nor removed",
    proves: ["vm.snapshot.create", "vm.snapshot.remove"],
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const { plan, run, summary } = await stage.run("backup");
      const name = summary.instances.flatMap(({ artefacts }) => artefacts.map((artefact) => artefact.name))[0];
      if (name === undefined) throw new Error("The capture made no artefact with a name.");
      await stage.run("remove_backup");
      const foreign = await truth.addForeign(vm, name);
      const there = (await truth.artefacts(vm)).length;
      const again = await stage.start(plan, run, {}, stage.forgetful());
      // Where names are unique the create is refused; where they are not, ours is made beside the foreign one.
      const succeeded = rowOf(again.summary, "vm1", "snapshot.create").status === "succeeded";
      expect((await truth.artefacts(vm)).length - there).toBe(succeeded ? 1 : 0);
      const made = again.summary.instances.flatMap(({ artefacts }) => artefacts.map(({ id }) => id));
      expect(made).not.toContain(foreign);
      expect(await truth.artefacts(vm)).toContain(foreign);
      expect(await truth.isFrozen(vm)).toBe(false);
    },
  },
  {
    title: "an artefact that somebody put in the place of ours is not removed",
    proves: ["vm.snapshot.create", "vm.snapshot.remove"],
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const before = new Set(await truth.artefacts(vm));
      const { summary } = await stage.run("backup");
      const name = summary.instances.flatMap(({ artefacts }) => artefacts.map((artefact) => artefact.name))[0] ?? "";
      for (const artefact of await truth.artefacts(vm))
        if (!before.has(artefact)) await truth.removeArtefact(vm, artefact);
      const foreign = await truth.addForeign(vm, name);
      await stage.run("remove_backup");
      expect(await truth.artefacts(vm)).toContain(foreign);
    },
  },
  {
    title: "another store's artefact is not ours",
    proves: ["vm.snapshot.create", "vm.snapshot.remove"],
    scene: {},
    run: async (stage, world) => {
      const vm = first(stage.scene.vms);
      const { plan, run } = await stage.run("backup");
      const theirs = await stage.scene.truth.artefacts(vm);
      const stranger = new Stage(world, stage.scene);
      await stranger.start(plan, run);
      expect(await stage.scene.truth.artefacts(vm)).toEqual(expect.arrayContaining([...theirs]));
      const { summary } = await stage.run("remove_backup");
      expect(summary.status).toBe("succeeded");
    },
  },
];
