import type { Artefact, Outcome, StoredFile } from "@quiesce/core";
import { capturedOutcome } from "./backup-begin.ts";
import type { Looking } from "./backup-context.ts";
import type { BackupJobRecord, JobDisk } from "./backup-job-record.ts";
import { nvramFile } from "./backup-nvram.ts";
import { definitionFile } from "./backup-prepare.ts";
import { backupArtefacts, type BackupRecord } from "./backup-record.ts";

/** What the repository holds of a captured machine, when all of it is there; undefined while a part is missing. */
export const storedOutcome = async (c: Looking, job: BackupJobRecord): Promise<Outcome | undefined> => {
  const definition = await c.repository.find(definitionFile);
  const nvram = job.nvram === null ? undefined : await c.repository.find(nvramFile);
  const disks = await Promise.all(job.disks.map((disk) => storedDisk(c, disk)));
  const whole = disks.filter((disk) => disk !== undefined);
  if (definition === undefined || whole.length < disks.length) return undefined;
  if (job.nvram !== null && nvram === undefined) return undefined;
  const captured = capturedOutcome(c, job);
  const file = (kind: string, name: string, { id, bytes, sha256, parent }: StoredFile): Artefact => ({
    kind,
    id,
    owner: job.uuid,
    name,
    bytes,
    sha256,
    ...(parent === undefined ? {} : { parent }),
  });
  const record: BackupRecord = {
    power: job.power,
    consistency: captured.consistency ?? "crash",
    uuid: job.uuid,
    name: job.name,
    autostart: job.autostart,
    disks: whole.map(({ disk: { name, source, format, pool, volume }, stored, bytes }) => ({
      name,
      id: stored.id,
      source,
      format,
      bytes,
      pool,
      volume,
    })),
    definition: definition.id,
    nvram: nvram === undefined || job.nvram === null ? null : { id: nvram.id, path: job.nvram },
  };
  return {
    ...captured,
    artefacts: [
      ...whole.map(({ disk, stored }) => file(backupArtefacts.disk, disk.name, stored)),
      file(backupArtefacts.definition, definitionFile, definition),
      ...(nvram === undefined ? [] : [file(backupArtefacts.nvram, nvramFile, nvram)]),
      ...captured.artefacts,
    ],
    saved: record,
  };
};

interface Stored {
  readonly disk: JobDisk;
  readonly stored: StoredFile;
  readonly bytes: number;
}

const storedDisk = async (c: Looking, disk: JobDisk): Promise<Stored | undefined> => {
  const stored = await c.repository.find(disk.name);
  if (stored === undefined) return undefined;
  const content = await c.repository.openDisk(stored.id);
  await content.close();
  return { disk, stored, bytes: content.bytes };
};
