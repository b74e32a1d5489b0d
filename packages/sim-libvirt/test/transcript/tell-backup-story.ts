import { connect } from "@quiesce/node-libvirt";
import { domainXml, makeDisks, type BackupStage } from "./backup-stage.ts";
import { backupStory } from "./backup-story.ts";
import { blockStory } from "./block-story.ts";
import { crashStory } from "./crash-story.ts";
import { Narrator, type Line } from "./narrator.ts";
import { streamStory } from "./stream-story.ts";

export interface BackupStoryOptions extends Pick<BackupStage, "write" | "crash"> {
  readonly uri: string;
  readonly name: string;
  readonly folder: string;
  readonly settleMs: number;
}

/** All that concerns the bytes of disks, told by a daemon. */
export const tellBackupStory = async (options: BackupStoryOptions): Promise<readonly Line[]> => {
  const { uri, name, folder, settleMs, write, crash } = options;
  const libvirt = await connect(uri);
  const story = new Narrator({ libvirt, name, folder, settleMs });
  await story.listen({ jobs: true });
  const stage: BackupStage = { story, libvirt, write, crash };
  const pool = await makeDisks(stage);
  await story.step("define", async () => (story.domain = await libvirt.domains.define(domainXml(story))));
  await backupStory(stage);
  await blockStory(stage);
  await streamStory(stage, pool);
  await crashStory(stage);
  await story.close();
  await libvirt.close();
  return story.lines;
};
