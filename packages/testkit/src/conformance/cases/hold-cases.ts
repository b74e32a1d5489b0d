import { expect } from "vitest";
import { exitCodeOfRun, type Event } from "@quiesce/core";
import type { Case } from "../conformance.ts";
import {
  backUp,
  dyingStore,
  expectNothingHeld,
  expectNothingMade,
  expectRestored,
  interruptedBackUp,
} from "../lasting.ts";
import { first, rowOf } from "../look.ts";

const kind = "backup";
const proves = ["vm.backup.create", "vm.backup.restore"];

const indexOf = (events: readonly Event[], matches: (event: Event) => boolean): number => events.findIndex(matches);

/** A capture that holds something: prepared before the freeze, fixed at its instant, given back whatever happens. */
export const holdCases: readonly Case[] = [
  {
    title: "backup: all that takes long is made before the first freeze",
    proves: [...proves, "vm.freeze"],
    scene: { vms: 2 },
    run: async (stage) => {
      const held: number[] = [];
      const { truth, vms } = stage.scene;
      const { events, summary } = await stage.run("backup", {
        kind,
        insideWindow: async () => {
          for (const vm of vms) held.push((await truth.held?.(vm))?.length ?? 1);
        },
      });
      expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
      const freeze = indexOf(events, (event) => event.type === "step.started" && event.step.startsWith("freeze/"));
      const prepared = events.flatMap((event, at) =>
        event.type === "step.ended" && event.step.startsWith("prepare/") ? [at] : [],
      );
      expect(prepared).toHaveLength(2);
      expect(freeze).toBeGreaterThan(Math.max(...prepared));
      expect(held.every((things) => things > 0)).toBe(true);
      await expectNothingHeld(stage, summary);
    },
  },
  {
    title: "backup: the content is that of the capture, although the guest writes on while it is copied",
    proves,
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      await truth.write(vm, "before");
      const before = await truth.contents(vm);
      const summary = await interruptedBackUp(stage, { name: "proof" }, () => truth.write(vm, "written on"));
      expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
      expect(await truth.contents(vm)).not.toBe(before);
      await expectNothingHeld(stage, summary);
      await expectRestored(stage, "proof", before);
    },
  },
  {
    title: "backup: a full repository ends the copy; the guest runs on and the next backup works",
    proves,
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      const vm = first(vms);
      const { faults } = stage.repository;
      await truth.write(vm, "before");
      const before = await truth.contents(vm);
      const summary = await interruptedBackUp(stage, { name: "proof" }, async () => {
        faults.room = 0;
      });
      expect(rowOf(summary, "vm1", "backup.create")).toMatchObject({ status: "failed", code: "quota-exceeded" });
      expect(exitCodeOfRun(summary)).toBe(1);
      faults.room = undefined;
      await expectNothingMade(stage, summary);
      expect(await truth.power(vm)).toBe("running");
      await backUp(stage, "proof");
      await truth.write(vm, "after");
      await expectRestored(stage, "proof", before);
    },
  },
  {
    title: "backup: a soft cancel in the middle of the copy leaves nothing held, and a set that is whole or none",
    proves,
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      await truth.write(first(vms), "before");
      const before = await truth.contents(first(vms));
      const summary = await interruptedBackUp(stage, { name: "proof" }, (handle) => handle.cancel("soft"));
      await expectNothingHeld(stage, summary);
      if (summary.status === "succeeded") await expectRestored(stage, "proof", before);
      else await expectNothingMade(stage, summary);
    },
  },
  {
    title: "backup: a hard cancel in the middle of the copy leaves nothing, and its name is free",
    proves,
    scene: {},
    run: async (stage) => {
      await stage.scene.truth.write(first(stage.scene.vms), "before");
      const summary = await interruptedBackUp(stage, { name: "proof" }, (handle) => handle.cancel("hard"));
      expect(summary.status).toBe("cancelled");
      await expectNothingMade(stage, summary);
      await backUp(stage, "proof");
    },
  },
  {
    title: "backup: a guest that dies in the middle of the copy leaves nothing held, and the next backup works",
    proves,
    scene: {},
    wants: ["crash"],
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      await truth.write(first(vms), "before");
      const summary = await interruptedBackUp(stage, { name: "proof" }, async () => truth.crash?.(first(vms)));
      expect(summary.status).not.toBe("succeeded");
      await expectNothingMade(stage, summary);
      await backUp(stage, "proof", { quiesce: "off" });
    },
  },
  {
    title: "backup: a death between the bytes and their record moves no byte twice and holds nothing in the end",
    proves,
    scene: {},
    run: async (stage) => {
      const { vms, truth } = stage.scene;
      await truth.write(first(vms), "before");
      const before = await truth.contents(first(vms));
      const planned = await stage.plan("backup", { kind });
      if (!planned.ok) throw new Error(planned.problems.map(({ message }) => message).join("\n"));
      const { store, death } = dyingStore(
        stage.forgetful(),
        (event) => event.type === "step.ended" && event.step.startsWith("complete/"),
      );
      const run = stage.runId("backup");
      const dead = stage.start(planned.value, run, {}, store);
      await Promise.race([death, dead]);
      const files = stage.repository.files();
      expect(files).not.toEqual([]);
      stage.repository.faults.onBlock = () => Promise.reject(new Error("A block was moved a second time."));
      const { summary } = await stage.start(planned.value, run);
      expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
      expect(stage.repository.files()).toEqual(files);
      await expectNothingHeld(stage, summary);
      await expectRestored(stage, "proof", before);
    },
  },
];
