import { failure, type JsonObject } from "@quiesce/core";
import { domainXmlFlags, type DomainRef } from "@quiesce/node-libvirt";
import { readDomain, type Domain } from "../api/domain.ts";
import { powerOf, type Power } from "../api/power.ts";
import { names } from "../names.ts";
import { basesOf, dropBroken, type Base } from "./backup-base.ts";
import type { Backing } from "./backup-context.ts";
import { leftOutDisks } from "./backup-disks.ts";
import { endJob } from "./backup-end.ts";
import { socketName } from "./backup-job.ts";
import type { BackupJobRecord, JobDisk, Scratch } from "./backup-job-record.ts";
import { assertBackupPossible, assertBackupCovers } from "./backup-limits.ts";
import { placeDisks, type PlacedDisk } from "./backup-place.ts";
import { prepareScratch } from "./backup-scratch.ts";
import { deleteCheckpoint } from "./delete-checkpoints.ts";
import { assertIdle } from "./busy.ts";
import { foreignReason } from "./foreign-checkpoints.ts";
import { assertCheckpointOfRun, listCheckpoints, type FoundCheckpoint } from "./our-checkpoint.ts";
import { startStandIn } from "./stand-in.ts";
import { isAwake, wake } from "./wake.ts";

/** The definition's file in the repository. */
export const definitionFile = "domain.xml";

/**
 * Everything that takes time or may be refused, before any guest is frozen: what is in the way, room, scratch files, the
 * definition, and which disks can be increments. What it starts and makes, the release finds again by its name.
 */
export const prepareBackup = async (c: Backing): Promise<JsonObject> => {
  const { domains } = c.api.libvirt;
  const options = { signal: c.signal };
  const domain = await domains.byUuid(c.target.providerId, options);
  const [xml, now, woken, autostart] = await Promise.all([
    domains.xml(domain, 0, options),
    powerOf(c.api.libvirt, domain, options),
    isAwake(c, domain),
    domains.autostart(domain, options),
  ]);
  const machine = readDomain(xml);
  const power = woken ? "off" : now;
  assertBackupPossible(machine, power);
  // What an earlier try of this very run began and nobody remembers.
  await endJob(c, domain);
  await assertIdle(c, domain);
  await assertBackupCovers(c, machine);
  await assertNoForeign(c, domain);
  await keepDefinition(c, domain);
  const host = await startHost(c, { domain, machine, xml, power, woken });
  const job = await jobOf(c, { host, machine, power });
  return { ...job, autostart } satisfies BackupJobRecord;
};

interface Found {
  readonly domain: DomainRef;
  readonly machine: Domain;
  readonly xml: string;
  readonly power: Power;
  readonly woken: boolean;
}

/** The domain that runs the job. QEMU has to run for one. */
const startHost = async (c: Backing, { domain, machine, xml, power, woken }: Found): Promise<DomainRef> => {
  if (power === "saved") return await startStandIn(c, machine, xml);
  return power === "off" && !woken ? await wake(c, domain) : domain;
};

const assertNoForeign = async (c: Backing, domain: DomainRef): Promise<void> => {
  const reason = foreignReason(await listCheckpoints(c.api, domain, { signal: c.signal }), c.tag.store);
  if (reason !== undefined) throw failure("conflict", `No backup of ${domain.name}: ${reason}`);
};

/** Passwords included, for a machine without them is not the same. They lie in the repository only. */
const keepDefinition = async (c: Backing, domain: DomainRef): Promise<void> => {
  if ((await c.repository.find(definitionFile)) !== undefined) return;
  const flags = domainXmlFlags.secure | domainXmlFlags.inactive;
  const xml = await c.api.libvirt.domains.xml(domain, flags, { signal: c.signal });
  await c.repository.putFile(definitionFile, Buffer.from(xml));
};

interface Hosted {
  readonly host: DomainRef;
  readonly machine: Domain;
  readonly power: Power;
}

const jobOf = async (c: Backing, { host, machine, power }: Hosted): Promise<Omit<BackupJobRecord, "autostart">> => {
  const placed = await placeDisks(c, machine);
  const own = host.uuid === machine.uuid;
  // Only a machine that is defined keeps checkpoints over its end.
  const persistent = own && (await c.api.libvirt.domains.isPersistent(host, { signal: c.signal }));
  if (persistent) await dropUseless(c, host);
  const bases = own ? await basesOf(c, host, placed) : wholeBecause(c, placed);
  const { scratch, notes } = await prepareScratch(c, placed);
  const tracked = (disk: PlacedDisk): boolean => persistent && disk.tracked;
  return {
    uuid: machine.uuid,
    name: machine.name,
    power,
    host,
    woken: power === "off",
    socket: await socketOf(c, host, placed),
    disks: placed.map((disk) => jobDisk(disk, tracked(disk), bases.get(disk.name), scratch.get(disk.name))),
    leftOut: leftOutDisks(machine),
    checkpoint: placed.some(tracked) ? c.name(names) : null,
    nvram: machine.nvram ?? null,
    consistency: null,
    notes: [...notes, ...wholeNotes(bases)],
  };
};

/** Checkpoints that no disk can use any more, and one of this very run whose bytes were never stored. */
const dropUseless = async (c: Backing, host: DomainRef): Promise<void> => {
  const found = await listCheckpoints(c.api, host, { signal: c.signal });
  await dropBroken(c, host, found);
  const own = found.find(({ checkpoint }) => checkpoint.name === c.name(names));
  if (own === undefined || (await isStored(c, own))) return;
  assertCheckpointOfRun(own, c.tag);
  await deleteCheckpoint(c, own);
};

const isStored = async (c: Backing, { checkpoint }: FoundCheckpoint): Promise<boolean> => {
  const files = await Promise.all(checkpoint.disks.map(({ name }) => c.repository.find(name)));
  return files.every((file) => file !== undefined);
};

const jobDisk = (
  { name, path, format, volume }: PlacedDisk,
  tracked: boolean,
  base: Base | undefined,
  scratch: Scratch | undefined,
): JobDisk => {
  if (scratch === undefined) throw new Error(`Disk ${name} has no scratch file.`);
  return {
    name,
    source: path,
    format,
    pool: volume?.pool ?? null,
    volume: volume?.name ?? null,
    tracked,
    since: base !== undefined && "since" in base ? base.since : null,
    scratch,
  };
};

/** In the folder of the machine's agent socket, where its QEMU may listen; without an agent, beside its first disk. */
const socketOf = async (c: Backing, host: DomainRef, [first]: readonly PlacedDisk[]): Promise<string> => {
  const live = readDomain(await c.api.libvirt.domains.xml(host, 0, { signal: c.signal }));
  const folder = live.socketFolder ?? first?.path.replace(/\/[^/]*$/, "") ?? "";
  return `${folder}/${socketName(c)}`;
};

const wholeBecause = (c: Backing, disks: readonly PlacedDisk[]): ReadonlyMap<string, Base> => {
  const reason = c.input.parent === "full" ? undefined : "the machine is saved, and another machine reads its disks";
  return new Map(disks.map(({ name }) => [name, { whole: reason }]));
};

/** What the user reads of disks that were to be increments and are not. */
export const wholeNotes = (bases: ReadonlyMap<string, Base>): readonly string[] =>
  [...bases].flatMap(([name, base]) =>
    "whole" in base && base.whole !== undefined ? [`${name} was stored whole: ${base.whole}.`] : [],
  );
