import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asId, type RunId } from "@quiesce/core";
import { startSimulator, type FaultInput } from "@quiesce/sim-libvirt";
import { memoryRepository } from "@quiesce/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureStories } from "./cut/capture-stories.ts";
import { pictureOf } from "./cut/picture.ts";
import { powerStories } from "./cut/power-stories.ts";
import { Process, tagOf, type Legacy } from "./cut/process.ts";
import type { Story } from "./cut/story.ts";

/** What becomes of the call at which the process dies. Nothing that it calls after that is heard. */
const fates: Readonly<Record<string, FaultInput["do"]>> = {
  "never arrives": { kind: "drop-connection", when: "before" },
  "is done": { kind: "drop-connection", when: "after" },
  "is done late": { kind: "late-effect", ms: 25, reply: "drop-connection" },
};

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "qc-"));
});
afterAll(() => rm(dir, { recursive: true }));

let serial = 0;

/** A host of its own for each time. */
const sceneOf = async ({ machine, before }: Story, stack: AsyncDisposableStack) => {
  const name = `h${(serial += 1)}`;
  const domains = [{ name: "db", ...machine }];
  const spec = { hosts: [{ name, domains, pools: [{ name: "default" }] }] };
  const { hypervisor: host, uri } = stack.use(await startSimulator({ dir, spec })).host(name);
  const repository = memoryRepository();
  const run = asId<RunId>(crypto.randomUUID());
  const backup = { name: "set", kind: "backup" } as const;
  const folder = repository.folder({ tag: tagOf(run), backup, instance: asId("db") });
  const legacy: Legacy = { host, uri, machine: "db", run, repository: folder, journal: new Map() };
  if (before !== undefined) {
    await using earlier = await Process.start(legacy);
    await before(earlier);
  }
  return { legacy, picture: () => pictureOf(legacy, repository.files()) };
};

/** Does the work in a process that dies at its nth call that changes something. */
const dieAt = async (story: Story, legacy: Legacy, nth: number, fate: FaultInput["do"]): Promise<void> => {
  const { faults } = legacy.host;
  faults.add({ on: { procedure: "*", mutating: true, nth }, do: fate });
  const unheard = { kind: "drop-connection", when: "before" } as const;
  faults.add({ on: { procedure: "*", mutating: true, nth: nth + 1, times: "always" }, do: unheard });
  const doomed = await Process.start(legacy);
  await expect(story.work(doomed)).rejects.toThrow();
  await doomed.connection.close();
  faults.clear();
};

interface Wanted {
  readonly fate: FaultInput["do"];
  readonly recover: (p: Process) => Promise<void>;
  readonly end: "as it was" | "done";
}

const cutEverywhere = async (story: Story, { fate, recover, end }: Wanted): Promise<void> => {
  await using stack = new AsyncDisposableStack();
  const whole = await sceneOf(story, stack);
  const before = whole.picture();
  const { truth } = whole.legacy.host;
  const made = truth.calls({ mutating: true }).length;
  await story.work(stack.use(await Process.start(whole.legacy)));
  const want = end === "done" ? whole.picture() : before;
  const calls = truth.calls({ mutating: true }).slice(made);
  expect(calls).not.toEqual([]);
  const cut = async ({ procedure }: (typeof calls)[number], index: number): Promise<void> => {
    const at = `killed at its call ${index + 1}, ${procedure}`;
    const { legacy, picture } = await sceneOf(story, stack);
    await dieAt(story, legacy, index + 1, fate);
    const next = stack.use(await Process.start(legacy, 2));
    await recover(next).catch((thrown: unknown) => {
      throw new Error(`${at}: ${String(thrown)}`, { cause: thrown });
    });
    await next.settle();
    expect(picture(), at).toEqual(want);
  };
  await Promise.all(calls.map(cut));
};

describe.each([...powerStories, ...captureStories])("a process that dies in a $title", (story) => {
  for (const [fate, action] of Object.entries(fates)) {
    const { goOn, takeBack } = story;
    if (goOn !== undefined)
      test(`at any call, which ${fate}: the next one goes on to the same end`, async () => {
        await cutEverywhere(story, { fate: action, recover: goOn, end: "done" });
      });
    if (takeBack !== undefined)
      test(`at any call, which ${fate}: the next one takes all back`, async () => {
        await cutEverywhere(story, { fate: action, recover: takeBack, end: "as it was" });
      });
  }
});
