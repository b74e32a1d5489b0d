import { expect } from "vitest";
import type { BackupKind } from "@quiesce/core";
import type { Case } from "../conformance.ts";
import { first, rowOf } from "../look.ts";
import type { Stage } from "../stage.ts";

/** Makes a set, and tells which artefacts are new. */
const capture = async (stage: Stage, kind: BackupKind, name = "proof"): Promise<readonly string[]> => {
  const vm = first(stage.scene.vms);
  const before = new Set(await stage.scene.truth.artefacts(vm));
  const { summary } = await stage.run("backup", { kind, name });
  expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
  expect(rowOf(summary, "vm1", `${kind}.create`).artefacts).not.toEqual([]);
  return (await stage.scene.truth.artefacts(vm)).filter((artefact) => !before.has(artefact));
};

/** The laws of making, restoring and removing, alike for snapshots and backups of machines. */
export const captureCases = (kind: BackupKind): readonly Case[] => {
  const [create, restore, remove] = [`vm.${kind}.create`, `vm.${kind}.restore`, `vm.${kind}.remove`];
  return [
    {
      title: `${kind}: restore brings back what the guest held at the capture`,
      proves: [create, restore],
      scene: {},
      run: async (stage) => {
        const { vms, truth } = stage.scene;
        const vm = first(vms);
        await truth.write(vm, "before");
        const before = await truth.contents(vm);
        await capture(stage, kind);
        await truth.write(vm, "scribble");
        expect(await truth.contents(vm)).not.toBe(before);
        const { summary } = await stage.run("restore", { kind });
        expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
        expect(await truth.contents(vm)).toBe(before);
        expect(await truth.isFrozen(vm)).toBe(false);
        expect(await truth.power(vm)).toBe("running");
      },
    },
    {
      title: `T-29: ${kind}: restore twice, and restore, capture, restore`,
      proves: [create, restore],
      scene: {},
      run: async (stage) => {
        const { vms, truth } = stage.scene;
        const vm = first(vms);
        await truth.write(vm, "one");
        const one = await truth.contents(vm);
        await capture(stage, kind, "first");
        for (const text of ["two", "three"]) {
          await truth.write(vm, text);
          expect((await stage.run("restore", { kind, name: "first" })).summary.status).toBe("succeeded");
          expect(await truth.contents(vm)).toBe(one);
        }
        await truth.write(vm, "four");
        const four = await truth.contents(vm);
        await capture(stage, kind, "second");
        await truth.write(vm, "five");
        expect((await stage.run("restore", { kind, name: "second" })).summary.status).toBe("succeeded");
        expect(await truth.contents(vm)).toBe(four);
      },
    },
    {
      title: `T-32: ${kind}: each of several sets stays until it is removed, and the oldest comes back`,
      proves: [create, restore],
      scene: {},
      run: async (stage) => {
        const { vms, truth } = stage.scene;
        const vm = first(vms);
        await truth.write(vm, "oldest");
        const oldest = await truth.contents(vm);
        const made: string[] = [];
        for (const name of ["one", "two", "three"]) {
          made.push(...(await capture(stage, kind, name)));
          await truth.write(vm, `after ${name}`);
          expect(await truth.artefacts(vm)).toEqual(expect.arrayContaining(made));
          expect(await stage.backup({ kind, name: "one" })).toMatchObject({ complete: true });
        }
        expect((await stage.run("restore", { kind, name: "one" })).summary.status).toBe("succeeded");
        expect(await truth.contents(vm)).toBe(oldest);
      },
    },
    {
      title: `${kind}: remove takes away exactly what was made`,
      proves: [create, remove],
      scene: {},
      run: async (stage) => {
        const vm = first(stage.scene.vms);
        const before = await stage.scene.truth.artefacts(vm);
        await capture(stage, kind);
        const { summary } = await stage.run("remove_backup", { kind });
        expect(rowOf(summary, "vm1", `${kind}.remove`).status).toBe("succeeded");
        expect(await stage.scene.truth.artefacts(vm)).toEqual(before);
        expect(await stage.backup({ kind })).toBeUndefined();
      },
    },
    {
      title: `${kind}: removing what is gone already is a success`,
      proves: [create, remove],
      scene: {},
      run: async (stage) => {
        const vm = first(stage.scene.vms);
        for (const artefact of await capture(stage, kind)) await stage.scene.truth.removeArtefact(vm, artefact);
        expect((await stage.run("remove_backup", { kind })).summary.status).toBe("succeeded");
      },
    },
    {
      title: `${kind}: a create whose journal was lost finds its artefact and makes no second one`,
      proves: [create],
      scene: {},
      run: async (stage) => {
        const vm = first(stage.scene.vms);
        const { plan, run } = await stage.run("backup", { kind });
        const made = await stage.scene.truth.artefacts(vm);
        const again = await stage.start(plan, run, {}, stage.forgetful());
        expect(again.summary.status, JSON.stringify(again.summary.instances)).toBe("succeeded");
        expect(await stage.scene.truth.artefacts(vm)).toEqual(made);
      },
    },
    {
      title: `${kind}: the volumes inside a machine are named as covered, the implied ones too`,
      proves: [create, `volume.${kind}.create`, `volume.${kind}.restore`, `volume.${kind}.remove`],
      scene: { volumesPerVm: 2 },
      run: async (stage) => {
        const { summary } = await stage.run("backup", { kind });
        const covered = summary.instances.filter(
          (item) => item.kind === "volume" && item.operation === `${kind}.create`,
        );
        expect(covered.map(({ status, mode }) => `${mode} ${status}`)).toEqual(["by-vm succeeded", "by-vm succeeded"]);
        const manifest = await stage.backup({ kind });
        expect(manifest?.items.filter((item) => item.kind === "volume").map((item) => item.coveredBy)).toEqual([
          "vm1",
          "vm1",
        ]);
        expect((await stage.run("restore", { kind })).summary.status).toBe("succeeded");
        expect((await stage.run("remove_backup", { kind })).summary.status).toBe("succeeded");
      },
    },
  ];
};
