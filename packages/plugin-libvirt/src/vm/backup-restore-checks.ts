import { failure } from "@quiesce/core";
import { checkpointXmlFlags, type CheckpointRef, type DomainRef } from "@quiesce/node-libvirt";
import { ownershipOf } from "../api/ownership.ts";
import { at, readXml } from "../api/xml.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { assertIdle } from "./busy.ts";
import type { Restore } from "./backup-restore-context.ts";

/** Refuses what a switch to new disks would break, before anything is made. */
export const assertReplaceable = async (c: Restore, domain: DomainRef): Promise<void> => {
  await assertIdle(c, domain);
  const snapshots = await c.api.libvirt.snapshots.list(domain, 0, { signal: c.signal });
  if (snapshots.length > 0) {
    const names = snapshots.map(({ name }) => name).join(", ");
    throw failure(
      "conflict",
      `Not restored: ${domain.name} has snapshots (${names}), which lie in its disks of now and would lead nowhere. ` +
        `Remove them first: quiesce remove-backup for ours, virsh snapshot-delete ${domain.name} NAME for others.`,
    );
  }
  const foreign = await foreignCheckpoints(c, domain);
  if (foreign.length === 0) return;
  throw failure(
    "conflict",
    `Not restored: ${domain.name} has checkpoints that are not ours (${foreign.join(", ")}), and their records of changes ` +
      `lie in its disks of now. Delete them first; the next backup of that tool is then a full one: ` +
      `virsh checkpoint-delete ${domain.name} ${foreign[0] ?? ""}`,
  );
};

const foreignCheckpoints = async (c: Restore, domain: DomainRef): Promise<readonly string[]> => {
  const all = await checkpointsOf(c, domain);
  const ours = await Promise.all(all.map((one) => isOurs(c, one)));
  return all.flatMap(({ name }, index) => (ours[index] === true ? [] : [name]));
};

/** A driver without checkpoints has none. */
export const checkpointsOf = async (c: Restore, domain: DomainRef): Promise<readonly CheckpointRef[]> =>
  (await orUndefined(c.api.libvirt.checkpoints.list(domain, 0, { signal: c.signal }), "no-support")) ?? [];

export const isOurs = async ({ api, tag, signal }: Restore, checkpoint: CheckpointRef): Promise<boolean> => {
  const xml = await api.libvirt.checkpoints.xml(checkpoint, checkpointXmlFlags.noDomain, { signal });
  const owner = ownershipOf(at(readXml(xml, "domaincheckpoint"), "description")?.text ?? "");
  return owner?.tag.store === tag.store && owner.domain === checkpoint.domain.uuid;
};
