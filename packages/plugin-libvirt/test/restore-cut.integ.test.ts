import type { Json, Outcome, RunId, Step } from "@quiesce/core";
import { afterEach, describe, expect, test } from "vitest";
import { arm, cutsSince, cutText, disarm, lastCall, type Cut } from "./cuts.ts";
import { driveOnce, newRun, RestoreRig, revoking } from "./restore-rig.ts";
import { foreignTool, type ForeignTool } from "./worlds/foreign-tool.ts";

type Kept = Readonly<Record<string, Json>>;
const keptOf = ({ recovery }: Outcome): Kept => {
  if (recovery === undefined) throw new Error("The restore kept no way back.");
  return recovery.kept;
};

/** The names of volumes carry eight characters of their run. */
const anyRun = (state: object): unknown =>
  JSON.parse(JSON.stringify(state).replaceAll(/quiesce-set-[0-9a-f]{8}/g, "quiesce-set-RUN"));

describe("a process that dies between any two calls", () => {
  let scene: RestoreRig;
  afterEach(() => scene[Symbol.asyncDispose]());

  const once = async (step: Step, run: RunId): Promise<Outcome> => {
    await using rig = scene.process();
    return await driveOnce(rig, step, run);
  };
  /** A process that is cut off, and never acts again. */
  const dies = async (step: Step, run: RunId, cut: Cut): Promise<void> => {
    await using rig = scene.process();
    arm(scene.host, cut);
    await expect(driveOnce(rig, step, run, 1), cutText(cut)).rejects.toThrow(/./u);
    await disarm(scene.host, scene.simulator.host("h").socket);
  };
  /** All places at which `work` can die. */
  const cutsOf = async (work: () => Promise<unknown>): Promise<readonly Cut[]> => {
    const from = lastCall(scene.host);
    await work();
    return cutsSince(scene.host, from);
  };

  const byAnotherTool = async (work: (tool: ForeignTool) => Promise<void>): Promise<void> => {
    await using tool = await foreignTool(scene.simulator.host("h").uri);
    await work(tool);
  };

  const expectRestoreCases = async (step: Step): Promise<void> => {
    const was = await scene.state();
    let restored: unknown;
    let cuts: readonly Cut[] = [];
    // The first time also takes the checkpoints away, which the others do not find.
    for (const run of [newRun(), newRun()]) {
      let outcome: Outcome | undefined;
      cuts = await cutsOf(async () => (outcome = await once(step, run)));
      restored = anyRun(await scene.state());
      await once(revoking(step, "undo", run, outcome && keptOf(outcome)), newRun());
      expect(await scene.state()).toEqual(was);
    }
    expect(cuts.length).toBeGreaterThan(8);
    for (const cut of cuts) {
      const run = newRun();
      await dies(step, run, cut);
      const kept = keptOf(await once(step, run));
      expect(anyRun(await scene.state()), `${cutText(cut)}, then go on`).toEqual(restored);
      await once(revoking(step, "undo", run, kept), newRun());
      expect(await scene.state(), `${cutText(cut)}, then go on, then undo`).toEqual(was);

      const other = newRun();
      await dies(step, other, cut);
      await once(revoking(step, "undo", other), other);
      expect(await scene.state(), `${cutText(cut)}, then take back`).toEqual(was);
    }
  };

  const expectUndoCases = async (step: Step): Promise<void> => {
    const was = await scene.state();
    const restored = async (): Promise<{ run: RunId; undo: Step }> => {
      const run = newRun();
      return { run, undo: revoking(step, "undo", run, keptOf(await once(step, run))) };
    };
    const { undo: first } = await restored();
    const cuts = await cutsOf(() => once(first, newRun()));
    expect(cuts.length).toBeGreaterThan(1);
    for (const cut of cuts) {
      const { undo } = await restored();
      const run = newRun();
      await dies(undo, run, cut);
      await once(undo, run);
      expect(await scene.state(), cutText(cut)).toEqual(was);
    }
  };

  test.each(["running", "off"])(
    "in a restore of a machine that is %s: it ends wholly restored or wholly undone",
    async (is) => {
      scene = await RestoreRig.make();
      const from = await scene.backup();
      await scene.host.guest("db").write("vda", 0, Buffer.from("written since"));
      if (is === "off") await byAnotherTool((tool) => tool.destroy(scene.uuid));
      const step = await scene.restoreStep(from);
      await expectRestoreCases(step);
    },
  );

  test("in an undo: a repetition ends it", async () => {
    scene = await RestoreRig.make();
    const step = await scene.restoreStep(await scene.backup());
    await expectUndoCases(step);
  });

  test("in a commit: a repetition ends it", async () => {
    scene = await RestoreRig.make();
    const from = await scene.backup();
    const step = await scene.restoreStep(from);
    const restored = async (): Promise<Step> => {
      const run = newRun();
      return revoking(step, "commit", run, keptOf(await once(step, run)));
    };
    const first = await restored();
    const cuts = await cutsOf(() => once(first, newRun()));
    const committed = anyRun(await scene.state());
    expect(cuts.length).toBeGreaterThan(1);
    for (const cut of cuts) {
      const commit = await restored();
      const run = newRun();
      await dies(commit, run, cut);
      await once(commit, run);
      expect(anyRun(await scene.state()), cutText(cut)).toEqual(committed);
    }
  });

  test("in a restore of a machine that is gone, and in its undo", async () => {
    scene = await RestoreRig.make({ running: false });
    const from = await scene.backup();
    const paths = scene.host.truth.domain("db").disks.flatMap(({ path }) => path ?? []);
    await byAnotherTool((tool) => tool.destroyForEver(scene.uuid, paths));
    const step = await scene.restoreStep(from);
    expect(await scene.state()).toEqual({ volumes: [] });
    await expectRestoreCases(step);
    await expectUndoCases(step);
  });
});
