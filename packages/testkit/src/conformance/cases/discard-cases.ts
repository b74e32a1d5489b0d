import { expect } from "vitest";
import type { BackupKind } from "@quiesce/core";
import type { Case } from "../conformance.ts";
import { discardDirectly } from "../direct-discard.ts";
import { first } from "../look.ts";
import type { Ran, Stage } from "../stage.ts";

const made = async (stage: Stage, kind: BackupKind, name: string): Promise<Ran> => {
  const ran = await stage.run("backup", { kind, name });
  expect(ran.summary.status, JSON.stringify(ran.summary.instances)).toBe("succeeded");
  return ran;
};

/** What a create does when its run is taken back. */
export const discardCases = (kind: BackupKind): readonly Case[] => [
  {
    title: `${kind}: discard leaves nothing of its run and touches nothing else, however often it is called`,
    proves: [`vm.${kind}.create`, `vm.${kind}.restore`],
    scene: { volumesPerVm: 2 },
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.write(vm, "before");
      const content = await truth.contents(vm);
      await made(stage, kind, "first");
      const artefacts = await truth.artefacts(vm);
      const files = stage.repository.files();
      await truth.write(vm, "after");
      const second = await made(stage, kind, "second");
      expect(await truth.artefacts(vm)).not.toEqual(artefacts);
      for (const _ of ["once", "twice"]) {
        await discardDirectly(stage, second, kind);
        expect(await truth.artefacts(vm)).toEqual(artefacts);
        expect(stage.repository.files()).toEqual(files);
        expect((await truth.held?.(vm)) ?? []).toEqual([]);
      }
      expect((await stage.run("restore", { kind, name: "first" })).summary.status).toBe("succeeded");
      expect(await truth.contents(vm)).toBe(content);
    },
  },
  {
    title: `${kind}: discard of nothing is success`,
    proves: [`vm.${kind}.create`],
    scene: {},
    run: async (stage) => {
      const vm = first(stage.scene.vms);
      const planned = await stage.plan("backup", { kind });
      if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
      const there = await stage.scene.truth.artefacts(vm);
      await discardDirectly(stage, { plan: planned.value, run: stage.runId("backup") }, kind);
      expect(await stage.scene.truth.artefacts(vm)).toEqual(there);
      expect(await stage.scene.truth.power(vm)).toBe("running");
    },
  },
  {
    title: `${kind}: discard of a machine that is gone is success`,
    proves: [`vm.${kind}.create`],
    scene: {},
    wants: ["destroy"],
    run: async (stage) => {
      const ran = await made(stage, kind, "proof");
      await stage.scene.truth.destroy?.(first(stage.scene.vms));
      await discardDirectly(stage, ran, kind);
      expect(stage.repository.files()).toEqual([]);
    },
  },
];

export const foreignDiscardCases: readonly Case[] = [
  {
    title: "snapshot: discard does not take what somebody else gave the name of ours (story T-20)",
    proves: ["vm.snapshot.create"],
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const before = new Set(await truth.artefacts(vm));
      const ran = await made(stage, "snapshot", "proof");
      const name =
        ran.summary.instances.flatMap(({ artefacts }) => artefacts.map((artefact) => artefact.name))[0] ?? "";
      for (const artefact of await truth.artefacts(vm))
        if (!before.has(artefact)) await truth.removeArtefact(vm, artefact);
      const foreign = await truth.addForeign(vm, name);
      // Where names are unique it is told as a conflict; where they are not, there is nothing of ours.
      const end = await discardDirectly(stage, ran, "snapshot").then(
        () => "nothing of ours",
        (thrown: unknown) => String(thrown),
      );
      expect(end).toMatch(/nothing of ours|not touched/);
      expect(await truth.artefacts(vm)).toContain(foreign);
    },
  },
];
