import { failure, type Acted, type Outcome } from "@quiesce/core";
import { backupBeginFlags, isLibvirtError } from "@quiesce/node-libvirt";
import { newBackupXml } from "../api/backup-job.ts";
import { newCheckpointXml } from "../api/checkpoint.ts";
import { describe } from "../api/ownership.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { refusable } from "../client/refused.ts";
import { captureConsistency } from "./capture-consistency.ts";
import type { Backing, Looking } from "./backup-context.ts";
import { readJobRecord, type BackupJobRecord } from "./backup-job-record.ts";
import { markedDisks } from "./marked-disks.ts";
import { prepareBackup } from "./backup-prepare.ts";
import { checkpointArtefact, checkpointId } from "./our-checkpoint.ts";
import { isAwake } from "./wake.ts";

/**
 * Fixes the content of all disks, and marks where the next increment starts, by one call: nothing else is done while the guest
 * may be frozen. Its reply is the evidence.
 */
export const beginBackup = async (c: Backing): Promise<Acted> => {
  const job = await standing(c, readJobRecord(c.input.prepared));
  try {
    await begin(c, job);
    return { next: "evidence", outcome: capturedOutcome(c, job) };
  } catch (thrown) {
    if (!isLibvirtError(thrown, "checkpoint-inconsistent", "no-checkpoint")) throw thrown;
    const whole = await wholeWhereLost(c, job);
    await begin(c, whole);
    return { next: "evidence", outcome: capturedOutcome(c, whole) };
  }
};

/** What was started for the backup ends with the connection that started it: after a restart of this process it is made again. */
const standing = async (c: Backing, job: BackupJobRecord): Promise<BackupJobRecord> => {
  return (await isStanding(c, job)) ? job : readJobRecord(await prepareBackup(c));
};

const isStanding = async (c: Backing, { woken, host, uuid }: BackupJobRecord): Promise<boolean> => {
  if (woken) return await isAwake(c, host);
  if (host.uuid === uuid) return true;
  return (await orUndefined(c.api.libvirt.domains.isActive(host, { signal: c.signal }), "no-domain")) === true;
};

const begin = async (c: Backing, job: BackupJobRecord): Promise<void> => {
  const { backups } = c.api.libvirt;
  const xml = newBackupXml({
    socket: job.socket,
    disks: job.disks.map(({ name, since, scratch }) => ({ name, since: since ?? undefined, scratch: scratch.path })),
    leftOut: job.leftOut,
  });
  const flags = job.disks.some(({ scratch }) => scratch.pool !== null) ? backupBeginFlags.reuseExternal : 0;
  const request = { xml, checkpointXml: checkpointXml(c, job) };
  await refusable(() => backups.begin(job.host, request, flags, { signal: c.signal, timeoutMs: Infinity }));
};

const checkpointXml = (c: Backing, job: BackupJobRecord): string | undefined => {
  if (job.checkpoint === null) return undefined;
  const consistency = captureConsistency(job.power, c.frozen, "crash");
  return newCheckpointXml({
    name: job.checkpoint,
    description: describe(
      { tag: c.tag, domain: job.uuid, consistency },
      `Start of the next increment after the backup set ${c.backup?.name ?? "without a name"}`,
    ),
    marked: job.disks.filter(({ tracked }) => tracked).map(({ name }) => name),
    leftOut: [...job.disks.filter(({ tracked }) => !tracked).map(({ name }) => name), ...job.leftOut],
  });
};

/** A bitmap was lost between the look before the freeze and now. */
const wholeWhereLost = async (c: Backing, job: BackupJobRecord): Promise<BackupJobRecord> => {
  const since = job.disks.find((disk) => disk.since !== null)?.since ?? "";
  const marked = await markedDisks(c, job.host, since);
  const lost = job.disks.filter((disk) => disk.since !== null && marked?.get(disk.name) !== "known");
  const [first] = lost;
  if (first === undefined)
    throw failure("conflict", `libvirt finds the checkpoint ${since} of ${job.name} broken, and then whole again.`);
  const names = new Set(lost.map(({ name }) => name));
  return {
    ...job,
    disks: job.disks.map((disk) => (names.has(disk.name) ? { ...disk, since: null } : disk)),
    notes: [...job.notes, ...lost.map(({ name }) => `${name} was stored whole: its list of changes is lost.`)],
  };
};

/** What the capture achieved, before any byte is moved. The same from the reply as from a later look. */
export const capturedOutcome = (c: Looking, job: BackupJobRecord): Outcome => {
  const { parent } = c.input;
  const consistency = job.consistency ?? captureConsistency(job.power, c.frozen, "crash");
  const increment = parent !== "full" && job.disks.some(({ since }) => since !== null);
  return {
    artefacts: job.checkpoint === null ? [] : [checkpointArtefact(job.uuid, job.checkpoint)],
    consistency,
    covered: job.disks.map(({ source }) => source),
    saved: { ...job, consistency },
    notes: job.notes,
    ...(job.checkpoint === null ? {} : { base: checkpointId(job.uuid, job.checkpoint) }),
    ...(increment ? { parent: parent.backup } : {}),
  };
};
