import { existsSync } from "node:fs";
import { blockCommitFlags, blockJobAbortFlags, snapshotCreateFlags } from "@quiesce/node-libvirt";
import { checkpointXml, folderOf, type BackupStage } from "./backup-stage.ts";

/** An overlay on vdb, and its way back into the file below. */
export const blockStory = async ({ story, libvirt, write }: BackupStage): Promise<void> => {
  const { blockJobs, snapshots, domains, backups, checkpoints } = libvirt;
  const { active, shallow } = blockCommitFlags;
  const { pivot } = blockJobAbortFlags;
  const overlay = `${folderOf(story)}/b.overlay`;
  const xml = `<domainsnapshot><disks><disk name='vda' snapshot='no'/><disk name='vdb' snapshot='external'>
    <source file='${overlay}'/></disk><disk name='vdc' snapshot='no'/><disk name='vdd' snapshot='no'/></disks></domainsnapshot>`;
  const { diskOnly, atomic, noMetadata } = snapshotCreateFlags;
  const put = () => snapshots.create(story.domain, xml, diskOnly | atomic | noMetadata).then(() => undefined);
  const commit = (flags: number) => blockJobs.commit(story.domain, "vdb", {}, flags);
  /** The files of vdb as the definition has them: the one in use, those below, the one that is copied to. */
  const files = async () => {
    const definition = await domains.xml(story.domain);
    const disk = definition.split("<disk ").find((part) => part.includes("dev='vdb'")) ?? "";
    return [...disk.matchAll(/<(source|mirror)[^>]*(?:file|ready)='([^']*)'/gu)].map(
      ([, part, value]) => `${part} ${value}`,
    );
  };

  await story.look("block job: none", () => blockJobs.info(story.domain, "vdb"));
  await story.look("block job of a disk that is not there", () => blockJobs.info(story.domain, "vdq"));
  await story.step("commit without an overlay", () => commit(active));
  await story.step("end a block job that is not there", () => blockJobs.abort(story.domain, "vdb"));
  await story.step("overlay on vdb", put);
  await story.look("vdb on its overlay", files);
  await story.step("overlay where one is", put);
  await story.aside(() => write("vdb", 0, "overlaid"));
  await story.step("commit what is in use, without saying so", () => commit(shallow));
  await story.step("commit into what is not there", () =>
    blockJobs.commit(story.domain, "vdb", { base: "/none" }, active),
  );
  await story.step("commit what is in use", () => commit(active));
  await story.look("vdb while it is committed", files);
  await story.look("commit: how far", async () => {
    const job = await blockJobs.info(story.domain, "vdb");
    return `${job?.type}, all: ${job?.current === job?.end}`;
  });
  await story.step("commit twice", () => commit(active));
  await story.step("overlay during the commit", put);
  await story.step("backup during the commit", () =>
    backups.begin(story.domain, {
      xml: `<domainbackup mode='pull'><server transport='unix' socket='${folderOf(story)}/nbd'/></domainbackup>`,
    }),
  );
  await story.step("commit given up", () => blockJobs.abort(story.domain, "vdb"));
  await story.look("vdb after it", files);
  await story.step("commit again", () => commit(active));
  await story.step("pivot", () => blockJobs.abort(story.domain, "vdb", pivot));
  await story.look("vdb after the pivot", files);
  await story.look("the overlay stays", async () => String(existsSync(overlay)));
  await story.step("pivot again", () => blockJobs.abort(story.domain, "vdb", pivot));
  await story.step("pull into what has nothing below", () => blockJobs.pull(story.domain, "vdb"));
  await story.step("a checkpoint", () => checkpoints.create(story.domain, checkpointXml("cb")));
  await story.step("off with a checkpoint", () => domains.destroy(story.domain));
  await story.step("off with a checkpoint: overlay", put);
  await story.step("off: commit", () => commit(active));
  await story.step("start without the checkpoint", () => domains.start(story.domain));
  await story.step("delete the checkpoint", () => checkpoints.delete({ name: "cb", domain: story.domain }));
};
