import { failure } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import type { Restore } from "./backup-restore-context.ts";
import { assertIdle } from "./busy.ts";
import { foreignOf } from "./foreign-checkpoints.ts";
import { listCheckpoints } from "./our-checkpoint.ts";

/** Refuses what a switch to other disks would break, before anything is made. `not`: what is then not done. */
export const assertReplaceable = async (
  c: Pick<Restore, "api" | "signal" | "target" | "tag">,
  domain: DomainRef,
  not: string,
): Promise<void> => {
  await assertIdle(c, domain);
  const snapshots = await c.api.libvirt.snapshots.list(domain, 0, { signal: c.signal });
  if (snapshots.length > 0) {
    const names = snapshots.map(({ name }) => name).join(", ");
    throw failure(
      "conflict",
      `${not}: ${domain.name} has snapshots (${names}), which lie in its disks of now and would lead nowhere. ` +
        `Remove them first: quiesce remove-backup for ours, virsh snapshot-delete ${domain.name} NAME for others.`,
    );
  }
  const checkpoints = await listCheckpoints(c.api, domain, { signal: c.signal });
  const foreign = foreignOf(checkpoints, c.tag.store).map(({ checkpoint }) => checkpoint.name);
  if (foreign.length === 0) return;
  throw failure(
    "conflict",
    `${not}: ${domain.name} has checkpoints that are not ours (${foreign.join(", ")}), and their records of changes ` +
      `lie in its disks of now. Delete them first; the next backup of that tool is then a full one: ` +
      `virsh checkpoint-delete ${domain.name} ${foreign[0] ?? ""}`,
  );
};
