import type { Artefact, Outcome, StoredFile } from "@quiesce/core";
import type { Ownership } from "../api/ownership.ts";
import { capturedOutcome } from "./backup-begin.ts";
import type { Looking } from "./backup-context.ts";
import type { BackupJobRecord, JobDisk } from "./backup-job-record.ts";
import { nvramFile } from "./backup-nvram.ts";
import { definitionFile } from "./backup-prepare.ts";
import { checkpointNameOf, findCheckpoint } from "./our-checkpoint.ts";
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

/**
 * What was really captured, when all files of this step are there and the checkpoint is this run's; undefined in any other case.
 * One look tells that there is nothing, for it is taken while a guest may be frozen.
 */
export const foundAgain = async (c: Looking, job: BackupJobRecord): Promise<BackupJobRecord | undefined> => {
  const [first] = job.disks;
  if (first === undefined || (await c.repository.find(first.name)) === undefined) return undefined;
  if ((await storedOutcome(c, job)) === undefined) return undefined;
  const marked = job.checkpoint === null ? undefined : await ownCheckpoint(c, job, job.checkpoint);
  if (job.checkpoint !== null && marked === undefined) return undefined;
  const base = c.input.parent === "full" ? undefined : checkpointNameOf(c.input.parent.base, job.uuid);
  const disks = job.disks.map(async (disk) => {
    const stored = await c.repository.find(disk.name);
    return { ...disk, since: stored?.parent === undefined ? null : (base ?? null) };
  });
  return { ...job, disks: await Promise.all(disks), consistency: marked?.consistency ?? null };
};

const ownCheckpoint = async (c: Looking, { host }: BackupJobRecord, name: string): Promise<Ownership | undefined> => {
  const found = await findCheckpoint(c.api, host, name, { signal: c.signal });
  return found?.ownership?.tag.store === c.tag.store && found.ownership.tag.run === c.tag.run
    ? found.ownership
    : undefined;
};
