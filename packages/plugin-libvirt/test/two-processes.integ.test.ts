import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostChanges } from "@quiesce/sim-libvirt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureStories } from "./cut/capture-stories.ts";
import { sceneOf } from "./cut/cut-everywhere.ts";
import { powerStories } from "./cut/power-stories.ts";
import { Process } from "./cut/process.ts";

/** Long enough for the other process to ask for the same meanwhile. */
const slow: HostChanges = {
  delays: { suspendMs: 40, resumeMs: 40, saveMs: 40, startMs: 40, captureMs: 40, abortMs: 40 },
};

describe("a process that was taken for dead, and the one that took over", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "qt-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  // Of a machine that is off one wakes it, and the other tries again later.
  const both = [...powerStories, ...captureStories].filter(
    ({ title }) => /^(suspend|resume|removal)/.test(title) && !title.includes("backup of a machine that is off"),
  );

  test.each(both.map((story) => [story.title, story] as const))("%s at once ends as once", async (_, story) => {
    await using stack = new AsyncDisposableStack();
    const alone = await sceneOf(dir, story, stack);
    await story.work(stack.use(await Process.start(alone.legacy)));
    const { legacy, picture } = await sceneOf(dir, story, stack);
    legacy.host.configure(slow);
    const [one, other] = [stack.use(await Process.start(legacy)), stack.use(await Process.start(legacy))];
    await Promise.all([story.work(one), story.work(other)]);
    expect(picture()).toEqual(alone.picture());
  });

  test("an agent that hangs over a freeze costs a limited time, and is thawed when it goes on", async () => {
    await using stack = new AsyncDisposableStack();
    const { legacy } = await sceneOf(dir, { title: "", machine: {}, work: async () => {} }, stack);
    const { guest, truth } = legacy.host;
    const dead = stack.use(await Process.start(legacy));
    const { driver: freeze, info } = dead.step("freeze", { guestTimerMs: 0 });
    expect((await freeze.observe(info)).is).toBe("absent");
    const startedAt = performance.now();
    guest("db").set({ agent: "hung" });
    await expect(freeze.act(info)).rejects.toThrow(/agent/);
    const next = stack.use(await Process.start(legacy, 2));
    const { driver: thaw, info: owed } = next.step("thaw", { setClock: false });
    for (const _ of ["once", "twice", "three times"]) await expect(thaw.act(owed)).rejects.toThrow(/agent/);
    // Four answers that did not come, each within agentMs.
    expect(performance.now() - startedAt).toBeLessThan(8000);
    guest("db").set({ agent: "running" });
    expect(truth.frozen()).toEqual(["db"]);
    await thaw.act(owed);
    expect(truth.frozen()).toEqual([]);
  });

  test("a guest that somebody else froze is a conflict, also for the process that took over", async () => {
    await using stack = new AsyncDisposableStack();
    const { legacy } = await sceneOf(dir, { title: "", machine: {}, work: async () => {} }, stack);
    const stranger = stack.use(await Process.start(legacy));
    await stranger.take("freeze", { guestTimerMs: 0 });
    const ours = stack.use(await Process.start(legacy));
    await expect(ours.take("freeze", { guestTimerMs: 0 })).rejects.toThrow(/frozen already, by something else/);
    expect(legacy.host.truth.frozen()).toEqual(["db"]);
  });
});
