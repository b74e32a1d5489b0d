import { expect } from "vitest";
import { asId, isProviderFailure, type BackupKind, type OwnedArtefact, type OwnedBy, type RunId } from "@quiesce/core";
import type { Case } from "../conformance.ts";
import { interruptedBackUp } from "../lasting.ts";
import { first } from "../look.ts";
import { Stage } from "../stage.ts";

const owned = async (stage: Stage, by: OwnedBy): Promise<readonly OwnedArtefact[]> =>
  await Array.fromAsync((await stage.connection()).owned(by, AbortSignal.timeout(60_000)));

const idsOf = (list: readonly OwnedArtefact[]): readonly string[] => list.map(({ id }) => id).toSorted();

const codeOf = (thrown: unknown): string => (isProviderFailure(thrown) ? thrown.problem.code : String(thrown));

/** What carries a tag at the provider: all of it, nothing else, and each to be removed by itself. */
export const ownedCases = (kind: BackupKind): readonly Case[] => [
  {
    title: `${kind}: owned shows exactly what carries the tag that is asked for, and of all stores when none is`,
    proves: [`vm.${kind}.create`],
    scene: {},
    run: async (stage, world) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const foreign = await truth.addForeign(vm, "quiesce-proof");
      const one = await stage.run("backup", { kind, name: "one" });
      const two = await stage.run("backup", { kind, name: "two" });
      const store = stage.store.id;
      const ours = (await truth.artefacts(vm)).filter((artefact) => artefact !== foreign);
      const ofStore = await owned(stage, { store });
      expect(ofStore).toHaveLength(ours.length);
      expect(new Set(ofStore.map(({ tag, use }) => `${tag.store} ${tag.deployment} ${use}`))).toEqual(
        new Set([`${store} ${stage.deployment.id} content`]),
      );
      const ofOne = await owned(stage, { store, run: one.run });
      expect(ofOne.map(({ tag }) => tag.run)).toEqual([one.run]);
      expect(idsOf([...ofOne, ...(await owned(stage, { store, run: two.run }))])).toEqual(idsOf(ofStore));
      expect(await owned(stage, { store, deployment: asId("another") })).toEqual([]);
      const stranger = new Stage(world, stage.scene);
      expect(await owned(stranger, { store: stranger.store.id })).toEqual([]);
      expect(idsOf(await owned(stranger, {}))).toEqual(expect.arrayContaining([...idsOf(ofStore)]));
    },
  },
  {
    title: `${kind}: one that owned showed is removed, and no other; again is success; another tag is a conflict`,
    proves: [`vm.${kind}.create`],
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await stage.run("backup", { kind, name: "one" });
      await stage.run("backup", { kind, name: "two" });
      const [target, ...others] = await owned(stage, { store: stage.store.id });
      if (target === undefined) throw new Error("Nothing is owned.");
      const there = await truth.artefacts(vm);
      const connection = await stage.connection();
      const signal = AbortSignal.timeout(60_000);
      const stale = { ...target, tag: { ...target.tag, run: asId<RunId>("an older run") } };
      expect(await connection.discard(stale, signal).catch(codeOf)).toBe("conflict");
      expect(await truth.artefacts(vm)).toEqual(there);
      for (const _ of ["once", "twice"]) {
        await connection.discard(target, signal);
        expect(await owned(stage, { store: stage.store.id })).toEqual(others);
        expect(await truth.artefacts(vm)).toHaveLength(there.length - 1);
      }
    },
  },
];

export const workingCases: readonly Case[] = [
  {
    title: "backup: what a run works with is owned while it works, and gone with it",
    proves: ["vm.backup.create"],
    scene: {},
    wants: ["held"],
    run: async (stage) => {
      const vm = first(stage.scene.vms);
      await stage.scene.truth.write(vm, "before");
      let during: readonly OwnedArtefact[] = [];
      const summary = await interruptedBackUp(stage, { name: "proof" }, async () => {
        during = await owned(stage, { store: stage.store.id });
      });
      expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
      expect(during.filter(({ use }) => use === "working").length).toBeGreaterThan(1);
      expect(new Set(during.map(({ tag }) => tag.run))).toEqual(new Set([summary.runId]));
      const after = await owned(stage, { store: stage.store.id });
      expect(after.map(({ use }) => use)).toEqual(after.map(() => "content"));
    },
  },
  {
    title: "backup: all that a run works with can be removed by its tag alone, and the guest runs on",
    proves: ["vm.backup.create"],
    scene: {},
    wants: ["held"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.write(vm, "before");
      const summary = await interruptedBackUp(stage, { name: "proof" }, async () => {
        const connection = await stage.connection();
        for (const one of await owned(stage, { store: stage.store.id }))
          await connection.discard(one, AbortSignal.timeout(60_000));
        expect(await truth.held?.(vm)).toEqual([]);
        expect(await truth.artefacts(vm)).toEqual([]);
      });
      expect(summary.status).not.toBe("succeeded");
      expect(await truth.power(vm)).toBe("running");
      expect((await stage.run("backup", { kind: "backup", name: "next" })).summary.status).toBe("succeeded");
    },
  },
];
