import {
  checkpointXmlFlags,
  domainUndefineFlags,
  snapshotCreateFlags,
  snapshotDeleteFlags,
} from "@quiesce/node-libvirt";
import type { Stage } from "./stage.ts";

/** External snapshots over internal ones, and checkpoints, which stand in the way of a revert. */
export const momentStory = async ({ story, libvirt: { domains, snapshots, checkpoints } }: Stage): Promise<void> => {
  const checkpoint = (name: string) =>
    checkpoints.create(story.domain, `<domaincheckpoint><name>${name}</name></domaincheckpoint>`);
  const create = (name: string, flags = 0) =>
    snapshots.create(story.domain, `<domainsnapshot><name>${name}</name></domainsnapshot>`, flags);
  const at = (name: string) => ({ name, domain: story.domain });

  await story.step("off: checkpoint", () => checkpoint("c0"));
  await story.step("start for checkpoints", () => domains.start(story.domain));
  await story.step("internal snapshot", () => create("in"));
  await story.step("external snapshot over it", () => create("out", snapshotCreateFlags.diskOnly));
  await story.step("external in words", async () => (await snapshots.xml(at("out"))).replace(/ {2}<domain .*$/su, ""));
  await story.step("delete the internal one below", () => snapshots.delete(at("in")));
  await story.step("delete the external one above", () => snapshots.delete(at("out")));
  await story.step("revert to the external one", () => snapshots.revert(at("out")));
  await story.step("revert to the internal one below", () => snapshots.revert(at("in")));
  await story.step("forget the external one", () => snapshots.delete(at("out"), snapshotDeleteFlags.metadataOnly));
  await story.step("checkpoint c1", () => checkpoint("c1"));
  await story.step("checkpoint with a name that is taken", () => checkpoint("c1"));
  await story.step("checkpoint c2", () => checkpoint("c2"));
  await story.step("c2 in words", () => checkpoints.xml(at("c2"), checkpointXmlFlags.noDomain));
  await story.step("checkpoint that is not there", () => checkpoints.byName(story.domain, "c9"));
  await story.step("snapshot with checkpoints", () => create("with"));
  await story.step("revert with checkpoints", () => snapshots.revert(at("in")));
  await story.step("off: revert with checkpoints", () => snapshots.revert(at("in")));
  await story.step("off: delete a checkpoint", () => checkpoints.delete(at("c1")));
  await story.step("undefine with checkpoints", () =>
    domains.undefine(story.domain, domainUndefineFlags.snapshotsMetadata),
  );
  await story.step("snapshots that the refused undefine has left", () => snapshots.list(story.domain));
  await story.step("start to delete checkpoints", () => domains.start(story.domain));
  await story.step("delete c1", () => checkpoints.delete(at("c1")));
  await story.step("delete c2", () => checkpoints.delete(at("c2")));
  await story.step("destroy without checkpoints", () => domains.destroy(story.domain));
};
