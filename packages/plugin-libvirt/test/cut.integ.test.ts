import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultInput } from "@quiesce/sim-libvirt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureStories } from "./cut/capture-stories.ts";
import { cutEverywhere, type Cut } from "./cut/cut-everywhere.ts";
import { powerStories } from "./cut/power-stories.ts";
import type { Story } from "./cut/story.ts";

const fates: Readonly<Record<string, FaultInput["do"]>> = {
  "never arrives": { kind: "drop-connection", when: "before" },
  "is done": { kind: "drop-connection", when: "after" },
  "is done late": { kind: "late-effect", ms: 25, reply: "drop-connection" },
};

interface TitledCut extends Cut {
  readonly title: string;
}

const cutsOf = (story: Story): readonly TitledCut[] =>
  Object.entries(fates).flatMap(([name, fate]) => {
    const { goOn, takeBack, title } = story;
    const at = `${title}: at a call that ${name}`;
    return [
      ...(goOn === undefined
        ? []
        : [{ title: `${at}, the next one goes on to the same end`, story, fate, recover: goOn, end: "done" as const }]),
      ...(takeBack === undefined
        ? []
        : [{ title: `${at}, the next one takes all back`, story, fate, recover: takeBack, end: "as it was" as const }]),
    ];
  });

const cuts: readonly TitledCut[] = [...powerStories, ...captureStories].flatMap(cutsOf);

describe("a process that dies", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "qc-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  test.each(cuts.map((cut) => [cut.title, cut] as const))("%s", async (_, cut) => {
    const { found, wanted } = await cutEverywhere(dir, cut);
    expect(Object.keys(found)).not.toEqual([]);
    expect(found).toEqual(wanted);
  });
});
