import { basename } from "node:path/posix";
import type { OwnershipTag } from "@quiesce/core";
import { poolListFlags, type DomainRef } from "@quiesce/node-libvirt";
import type { BackupJob } from "../api/backup-job.ts";
import { isSameTag } from "../api/mark.ts";
import { readTaggedName } from "../api/tagged-name.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { endBackupJob } from "../vm/backup-end.ts";
import { backupJobOf } from "../vm/backup-job.ts";
import type { Found, Looking, Removing } from "./found.ts";

/** The backup job that goes on, if it is one of ours: its scratch files carry the tag in their names. */
export const backupJobsOf = async (c: Looking, domain: DomainRef): Promise<readonly Found[]> => {
  const job = await backupJobOf(c, domain);
  const tag = job && tagOfJob(job);
  if (tag === undefined) return [];
  const id = `${domain.uuid}/backup-job`;
  return [
    {
      artefact: {
        kind: "backup-job",
        id,
        owner: domain.uuid,
        name: `the backup job of ${domain.name}`,
        tag,
        use: "working",
      },
      remove: (removing) => endOf(removing, domain, tag),
    },
  ];
};

const endOf = (c: Removing, domain: DomainRef, tag: OwnershipTag) =>
  endBackupJob(c, domain, {
    isOurs: (job) => isSameTag(tagOfJob(job), tag),
    makeRoom: () => removeScratchOf(c, tag),
  });

/** Undefined unless all its files tell the same. */
const tagOfJob = ({ disks }: BackupJob): OwnershipTag | undefined => {
  const tags = disks.map(({ scratch }) => (scratch === undefined ? undefined : readTaggedName(basename(scratch))?.tag));
  const [first] = tags;
  return first !== undefined && tags.every((tag) => isSameTag(tag, first)) ? first : undefined;
};

const removeScratchOf = async ({ api, signal }: Removing, tag: OwnershipTag): Promise<void> => {
  const { pools, volumes } = api.libvirt;
  for (const pool of await pools.list(poolListFlags.active, { signal }))
    for (const volume of await volumes.list(pool, { signal }))
      if (isSameTag(readTaggedName(volume.name)?.tag, tag))
        await orUndefined(volumes.delete(volume, { signal }), "no-storage-volume");
};
