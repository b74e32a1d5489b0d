import type { Outcome } from "@quiesce/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { driveOnce, newRun, RestoreRig, revoking } from "./restore-rig.ts";
import { foreignTool, type ForeignTool } from "./worlds/foreign-tool.ts";

const keptOf = ({ recovery }: Outcome) => recovery?.kept ?? {};

describe("a restore that is taken back", () => {
  let scene: RestoreRig;
  beforeEach(async () => {
    scene = await RestoreRig.make();
  });
  afterEach(() => scene[Symbol.asyncDispose]());

  const restored = async (before?: () => Promise<void>) => {
    const from = await scene.backup();
    await scene.host.guest("db").write("vda", 0, Buffer.from("written since"));
    await before?.();
    const was = await scene.state();
    const step = await scene.restoreStep(from);
    await using rig = scene.process();
    const run = newRun();
    const outcome = await driveOnce(rig, step, run);
    return { was, step, run, outcome, from };
  };
  const expectAsBefore = async (was: unknown): Promise<void> => expect(await scene.state()).toEqual(was);

  test("by another process later: disks, content, power and volumes are as before", async () => {
    const { was, step, run, outcome } = await restored();
    expect(outcome.recovery).toMatchObject({ is: "old-disks" });
    expect(outcome.recovery?.bytes).toBeGreaterThan(0);
    expect(await scene.state()).not.toEqual(was);
    await using rig = scene.process();
    await driveOnce(rig, revoking(step, "undo", run, keptOf(outcome)), newRun());
    await expectAsBefore(was);
    // Again: nothing is left to do, and nothing is done.
    const calls = scene.host.truth.calls({ mutating: true }).length;
    await driveOnce(rig, revoking(step, "undo", run, keptOf(outcome)), newRun());
    expect(scene.host.truth.calls({ mutating: true })).toHaveLength(calls);
  });

  test("committed: the old disks and the old definition are gone, the restored state stays", async () => {
    const { was, step, run, outcome } = await restored();
    const now = await scene.state();
    await using rig = scene.process();
    await driveOnce(rig, revoking(step, "commit", run, keptOf(outcome)), newRun());
    const after = await scene.state();
    expect({ ...after, volumes: [] }).toEqual({ ...now, volumes: [] });
    expect(after.volumes).toEqual(now.volumes.filter((name) => !was.volumes.includes(name) && !name.endsWith(".xml")));
    await expect(driveOnce(rig, revoking(step, "undo", run, keptOf(outcome)), newRun())).rejects.toThrow(/gone/);
    expect(await scene.state()).toEqual(after);
  });

  test("restored twice: only the newer one can be taken back, and then the older one", async () => {
    const { was, step, run, outcome, from } = await restored();
    await using rig = scene.process();
    const between = await scene.state();
    const second = await scene.restoreStep(from);
    const secondRun = newRun();
    const again = await driveOnce(rig, second, secondRun);
    await expect(driveOnce(rig, revoking(step, "undo", run, keptOf(outcome)), newRun())).rejects.toThrow(
      /restored again/,
    );
    await driveOnce(rig, revoking(second, "undo", secondRun, keptOf(again)), newRun());
    await expectAsBefore(between);
    await driveOnce(rig, revoking(step, "undo", run, keptOf(outcome)), newRun());
    await expectAsBefore(was);
  });

  const byAnotherTool = async (work: (tool: ForeignTool) => Promise<void>): Promise<void> => {
    await using tool = await foreignTool(scene.simulator.host("h").uri);
    await work(tool);
  };

  test("a disk that another machine has by now is neither given back nor removed", async () => {
    const { was, step, run, outcome } = await restored();
    const [path = ""] = was.disks ?? [];
    await scene.host.addDomain({ name: "other", state: "shutoff", disks: [{ path }] });
    const now = await scene.state();
    await using rig = scene.process();
    for (const [does, why] of [
      ["undo", /used by other now/],
      ["commit", /needed by other/],
    ] as const) {
      await expect(driveOnce(rig, revoking(step, does, run, keptOf(outcome)), newRun())).rejects.toThrow(why);
      expect(await scene.state()).toEqual(now);
    }
  });

  test("snapshots that were taken since are not lost by an undo", async () => {
    const { step, run, outcome } = await restored();
    await byAnotherTool((tool) => tool.snapshot(scene.uuid, "mine"));
    const now = await scene.state();
    await using rig = scene.process();
    await expect(driveOnce(rig, revoking(step, "undo", run, keptOf(outcome)), newRun())).rejects.toThrow(
      /Not taken back: .*snapshots \(mine\)/,
    );
    expect(await scene.state()).toEqual(now);
  });

  test("the old disks of a machine that is gone stay: they may be all that is left of it", async () => {
    const { was, step, run, outcome } = await restored();
    await byAnotherTool((tool) => tool.destroyForEver(scene.uuid, []));
    await using rig = scene.process();
    await expect(driveOnce(rig, revoking(step, "commit", run, keptOf(outcome)), newRun())).rejects.toThrow(
      /Not committed: .* is gone/,
    );
    expect(scene.volumes()).toEqual(expect.arrayContaining([...was.volumes]));
  });
});
