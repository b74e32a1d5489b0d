import { connect } from "@quiesce/node-libvirt";
import { setTimeout as sleep } from "node:timers/promises";
import { agentStory } from "./agent-story.ts";
import { domainStory } from "./domain-story.ts";
import { endStory } from "./end-story.ts";
import { momentStory } from "./moment-story.ts";
import { Narrator, type Line } from "./narrator.ts";
import { networkStory } from "./network-story.ts";
import { snapshotStory } from "./snapshot-story.ts";
import { sleepStory } from "./sleep-story.ts";
import type { Stage } from "./stage.ts";
import { storageStory } from "./storage-story.ts";

export interface StoryOptions {
  readonly uri: string;
  readonly name: string;
  readonly folder: string;
  readonly guestXml: (name: string) => string;
  readonly settleMs: number;
}

/** Everything that simulator and real daemon must agree on, told by one of them. */
export const tellStory = async ({ uri, name, folder, guestXml, settleMs }: StoryOptions): Promise<readonly Line[]> => {
  const libvirt = await connect(uri);
  const story = new Narrator({ libvirt, name, folder, settleMs });
  await story.listen();
  const agentReady = async () => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
      const answered = await libvirt.agent.ping(story.domain).then(
        () => true,
        () => false,
      );
      if (answered) return;
    }
    throw new Error("the guest's agent did not come up");
  };
  const stage: Stage = { story, libvirt, guestXml, agentReady };
  await networkStory(stage);
  await storageStory(stage);
  await domainStory(stage);
  await agentStory(stage);
  await sleepStory(stage);
  await snapshotStory(stage);
  await story.aside(async () => {
    await libvirt.domains.removeManagedSave(story.domain).catch(() => {});
    await libvirt.domains.destroy(story.domain).catch(() => {});
  });
  await momentStory(stage);
  await story.aside(async () => {
    story.domain = await libvirt.domains.start(story.domain);
  });
  await endStory(stage);
  await story.close();
  await libvirt.close();
  return story.lines;
};
