import { domainXmlFlags, type DomainRef } from "@quiesce/node-libvirt";
import { bytesSource } from "../api/bytes-source.ts";
import { keptDefinition } from "../api/kept-definition.ts";
import { keptDefinitionName } from "../api/restore-note.ts";
import type { BackupRecord } from "./backup-record.ts";
import type { Restoring } from "./backup-restore-context.ts";
import { newDisk } from "./backup-restore-disk.ts";
import { isSparse, poolOf } from "./backup-restore-place.ts";
import type { NewVolumes } from "./new-volumes.ts";

/**
 * Keeps a machine's definition beside its new disks, and tells the path. It may hold passwords, so that it stays on the host and
 * goes neither into a journal nor into a manifest. Undefined where the pool keeps no files.
 */
export const keepDefinition = async (
  c: Restoring,
  { disks }: BackupRecord,
  machine: DomainRef,
  base: string,
  made: NewVolumes,
): Promise<string | null> => {
  const [first] = disks;
  if (first === undefined) return null;
  const pool = await poolOf(c, first.pool, first.source, `disk ${first.name}`);
  if (!(await isSparse(c, pool))) return null;
  const { domains, volumes } = c.api.libvirt;
  const xml = await domains.xml(machine, domainXmlFlags.secure | domainXmlFlags.inactive, { signal: c.signal });
  const as = { format: "raw", sparse: true, permissions: undefined };
  const place = { pool, own: keptDefinitionName(base), old: undefined, as };
  const content = Buffer.from(keptDefinition(xml, c.tag));
  const volume = await newDisk(c, bytesSource(content), place, made);
  return await volumes.path(volume, { signal: c.signal });
};
