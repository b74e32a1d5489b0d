import type { DomainRef } from "@quiesce/node-libvirt";
import { readBackupJob, type BackupJob } from "../api/backup-job.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader } from "../client/session.ts";
import { names } from "../names.ts";
import type { Looking } from "./backup-context.ts";

/**
 * The file name of this run's NBD socket. A socket's path has room for 107 characters only, so of the artefact's name it
 * keeps what differs from run to run.
 */
export const socketName = (c: Pick<Looking, "name">): string => `quiesce${c.name(names).slice(-9)}.nbd`;

/** The backup job of a domain, whoever began it. */
export const backupJobOf = async (
  { api, signal }: { readonly api: Pick<Reader, "libvirt">; readonly signal: AbortSignal },
  host: DomainRef,
): Promise<BackupJob | undefined> => {
  const xml = await orUndefined(
    api.libvirt.backups.xml(host, { signal }),
    "no-backup",
    "no-domain",
    "operation-invalid",
    "no-support",
  );
  return xml === undefined ? undefined : readBackupJob(xml);
};

export const isOwnJob = (c: Pick<Looking, "name">, { socket }: BackupJob): boolean =>
  socket?.endsWith(`/${socketName(c)}`) === true;

/** The backup job of a domain that this run began; a job of anybody else is none. */
export const ownJob = async (c: Looking, host: DomainRef): Promise<BackupJob | undefined> => {
  const job = await backupJobOf(c, host);
  return job !== undefined && isOwnJob(c, job) ? job : undefined;
};
