import { existsSync } from "node:fs";
import { domainUndefineFlags } from "@quiesce/node-libvirt";
import { checkpointXml, folderOf, volumeOf, type BackupStage } from "./backup-stage.ts";

/** What becomes of checkpoints when the machine ends, in order and by a crash; c1 is there. */
export const crashStory = async ({ story, libvirt, write, crash }: BackupStage): Promise<void> => {
  const { checkpoints, domains, backups } = libvirt;
  const at = (name: string) => ({ name, domain: story.domain });
  const create = (name: string) => checkpoints.create(story.domain, checkpointXml(name));
  const pull = (since: string) =>
    backups.begin(story.domain, {
      xml: `<domainbackup mode='pull'>${since === "" ? "" : `<incremental>${since}</incremental>`}
        <server transport='unix' socket='${folderOf(story)}/nbd'/><disks><disk name='vda' type='file'>
        <scratch file='${folderOf(story)}/s'/></disk></disks></domainbackup>`,
    });
  const names = async () => (await checkpoints.list(story.domain)).map(({ name }) => name).sort();

  await story.step("destroy with c1", () => domains.destroy(story.domain));
  await story.look("off: c1 with sizes", () => checkpoints.xml(at("c1"), 2 | 4));
  await story.step("start with c1", () => domains.start(story.domain));
  await story.step("increment after the destroy", () => pull("c1"));
  await story.step("destroy during the backup", () => domains.destroy(story.domain));
  await story.look("completed job after the destroy", async () => {
    const { type, operation } = await domains.completedJobStats(story.domain);
    return `${type} ${String(operation)}`;
  });
  await story.look("socket after the destroy", async () => String(existsSync(`${folderOf(story)}/nbd`)));
  await story.look("scratch file after the destroy", async () => String(existsSync(`${folderOf(story)}/s`)));
  await story.step("start after it", () => domains.start(story.domain));
  await story.step("managed save with c1", () => domains.managedSave(story.domain));
  await story.step("start from the save", () => domains.start(story.domain));
  await story.step("increment after the save", () => pull("c1"));
  await story.step("increment after the save: abort", () => domains.abortJob(story.domain));
  const redefined = (await checkpoints.xml(at("c1"), 0)).replace(/ size='\d+'/gu, "");
  await story.step("forget c1", () => checkpoints.delete(at("c1"), 2));
  await story.step("increment since what is forgotten", () => pull("c1"));
  await story.step("tell of c1 again", () => checkpoints.create(story.domain, redefined, 1 | 4));
  await story.step("increment since what is told again", () => pull("c1"));
  await story.step("its abort", () => domains.abortJob(story.domain));
  await story.step("tell of a checkpoint without its time", () =>
    checkpoints.create(story.domain, checkpointXml("cx"), 1),
  );
  await story.step("c2, which no file knows yet", () => create("c2"));
  await story.aside(() => write("vda", 0, "F"));
  await story.step("crash", crash);
  await story.step("after the crash: delete c1", () => checkpoints.delete(at("c1")));
  await story.step("after the crash: start", () => domains.start(story.domain));
  await story.look("after the crash: checkpoints", names);
  await story.look("after the crash: c1 with sizes", () => checkpoints.xml(at("c1"), 2 | 4));
  await story.step("after the crash: increment since c1", () => pull("c1"));
  await story.step("after the crash: increment since c2", () => pull("c2"));
  await story.step("after the crash: delete c2", () => checkpoints.delete(at("c2")));
  await story.step("after the crash: delete c1, running", () => checkpoints.delete(at("c1")));
  await story.look("after the crash: what is left", names);
  await story.step("after the crash: forget c2", () => checkpoints.delete(at("c2"), 2));
  await story.step("after the crash: c1 anew", () => create("c1"));
  await story.step("after the crash: full", () => pull(""));
  await story.step("after the crash: abort", () => domains.abortJob(story.domain));
  await story.step("delete a disk of the running guest", () => libvirt.volumes.delete(volumeOf(story, "v2")));
  await story.step("off at last", () => domains.destroy(story.domain));
  await story.step("start without that disk", () => domains.start(story.domain));
  await story.step("undefine with a checkpoint", () => domains.undefine(story.domain));
  await story.step("undefine with its checkpoint", () =>
    domains.undefine(story.domain, domainUndefineFlags.checkpointsMetadata),
  );
};
