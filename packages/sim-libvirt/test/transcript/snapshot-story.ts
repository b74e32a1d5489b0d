import {
  domainUndefineFlags,
  snapshotCreateFlags,
  snapshotDeleteFlags,
  snapshotListFlags,
  snapshotRevertFlags,
} from "@quiesce/node-libvirt";
import type { Stage } from "./stage.ts";

const snapshot = (name: string, inner = "") => `<domainsnapshot><name>${name}</name>${inner}</domainsnapshot>`;
const disk = (name: string, mode: string) => `<disk name='${name}' snapshot='${mode}'/>`;
const note = { uri: "http://example.org/a", prefix: "a", xml: "<m/>" };

/** Internal snapshots of a running guest: what is refused, what they are, and going back to them. */
export const snapshotStory = async (stage: Stage): Promise<void> => {
  await refusals(stage);
  await tree(stage);
  await reverting(stage);
  await offline(stage);
};

const refusals = async ({ story, libvirt: { snapshots } }: Stage): Promise<void> => {
  const create = (xml: string, flags = 0) => snapshots.create(story.domain, xml, flags);

  await story.step("no snapshot: current", () => snapshots.current(story.domain));
  await story.step("snapshot a", () => create(snapshot("a", "<description>first</description>")));
  await story.step("snapshot with a name that is taken", () => create(snapshot("a")));
  await story.step("snapshot with a slash", () => create(snapshot("x/y")));
  await story.step("snapshot with a leading dot", () => create(snapshot(".x")));
  await story.step("snapshot that is no XML", () => create("<domainsnapshot"));
  await story.step("snapshot with another root", () => create("<domain/>"));
  await story.step("snapshot of memory, quiesced", () => create(snapshot("x"), snapshotCreateFlags.quiesce));
  await story.step("snapshot without memory", () =>
    create(snapshot("x", `<memory snapshot='no'/><disks>${disk("vda", "internal")}${disk("vdb", "internal")}</disks>`)),
  );
  await story.step("snapshot without one disk", () =>
    create(snapshot("x", `<disks>${disk("vda", "internal")}${disk("vdb", "no")}</disks>`)),
  );
  await story.step("snapshot without any disk", () =>
    create(snapshot("x", `<disks>${disk("vda", "no")}${disk("vdb", "no")}</disks>`)),
  );
  await story.step("snapshot of a disk that is not there", () =>
    create(snapshot("x", `<disks>${disk("vdq", "internal")}</disks>`)),
  );
  await story.step("disk-only snapshot, internal", () =>
    create(snapshot("x", `<disks>${disk("vda", "internal")}</disks>`), snapshotCreateFlags.diskOnly),
  );
};

const tree = async ({ story, libvirt: { snapshots, domains } }: Stage): Promise<void> => {
  await story.step("snapshot b, of one disk by name", () =>
    snapshots.create(story.domain, snapshot("b", `<disks>${disk("vda", "internal")}</disks>`)),
  );
  const named = (name: string) => snapshots.byName(story.domain, name);
  await story.step("b in words", async () => (await snapshots.xml(await named("b"))).replace(/ {2}<domain .*$/su, ""));
  await story.step("parent of a", async () => snapshots.parent(await named("a")));
  await story.step("parent of b", async () => snapshots.parent(await named("b")));
  await story.step("children of a", async () => snapshots.children(await named("a")));
  await story.step("current", () => snapshots.current(story.domain));
  for (const [flag, value] of Object.entries(snapshotListFlags)) {
    await story.step(`list with flag ${flag}`, async () =>
      (await snapshots.list(story.domain, value)).map(({ name }) => name).sort(),
    );
  }
  await story.step("a snapshot that is not there", () => named("nobody"));
  await story.step("set metadata", () => domains.setMetadata(story.domain, note, 3));
  await story.step("get metadata", () => domains.metadata(story.domain, note.uri));
};

const reverting = async ({ story, libvirt: { snapshots, domains } }: Stage): Promise<void> => {
  const revert = (name: string, flags = 0) => snapshots.revert({ name, domain: story.domain }, flags);

  await story.step("revert to what is not there", () => revert("nobody"));
  await story.step("revert to run and to pause", () =>
    revert("a", snapshotRevertFlags.running | snapshotRevertFlags.paused),
  );
  await story.step("revert to a", () => revert("a"));
  await story.step("metadata after the revert", () => domains.metadata(story.domain, note.uri));
  await story.step("current after the revert", () => snapshots.current(story.domain));
  await story.step("revert to a, paused", () => revert("a", snapshotRevertFlags.paused));
  await story.step("snapshot of a paused guest", () => snapshots.create(story.domain, snapshot("paused")));
  await story.step("resume after it", () => domains.resume(story.domain));
  await story.step("revert to the paused one", () => revert("paused"));
  await story.step("revert to the paused one, running", () => revert("paused", snapshotRevertFlags.running));
};

const offline = async ({ story, libvirt: { snapshots, domains } }: Stage): Promise<void> => {
  const revert = (name: string, flags = 0) => snapshots.revert({ name, domain: story.domain }, flags);

  await story.step("destroy", () => domains.destroy(story.domain));
  await story.step("undefine with snapshots", () => domains.undefine(story.domain));
  await story.step("snapshot of a domain that is off", () => snapshots.create(story.domain, snapshot("off")));
  await story.step("off in words", async () =>
    (await snapshots.xml(await snapshots.byName(story.domain, "off"))).replace(/ {2}<domain .*$/su, ""),
  );
  await story.step("off: revert to a", () => revert("a"));
  await story.step("running: revert to off", () => revert("off"));
  await story.step("off: revert to off, running", () => revert("off", snapshotRevertFlags.running));
  await story.step("running: revert to off, paused", () => revert("off", snapshotRevertFlags.paused));
  await story.step("resume what was reverted to off", () => domains.resume(story.domain));
  await story.step("managed save of a domain with snapshots", () => domains.managedSave(story.domain));
  await story.step("saved: undefine", () =>
    domains.undefine(story.domain, domainUndefineFlags.nvram | domainUndefineFlags.keepNvram),
  );
  await story.step("saved: snapshot", () => snapshots.create(story.domain, snapshot("saved")));
  await story.step("saved: revert to a", () => revert("a"));
  await story.step("managed save after the revert", () => domains.hasManagedSave(story.domain));
  await story.step("delete a", () => snapshots.delete({ name: "a", domain: story.domain }));
  await story.step("delete a again", () => snapshots.delete({ name: "a", domain: story.domain }));
  await story.step("parent of b without a", () => snapshots.parent({ name: "b", domain: story.domain }));
  await story.step("delete the children of b only", () =>
    snapshots.delete({ name: "b", domain: story.domain }, snapshotDeleteFlags.childrenOnly),
  );
  await story.step("what is left", async () => (await snapshots.list(story.domain)).map(({ name }) => name).sort());
  await story.step("undefine, without snapshots", () =>
    domains.undefine(story.domain, domainUndefineFlags.snapshotsMetadata | domainUndefineFlags.keepNvram),
  );
};
