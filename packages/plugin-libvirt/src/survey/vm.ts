import type { Disk, Surveyed, Target } from "@quiesce/core";
import { snapshotListFlags, type CallOptions, type DomainRef, type SnapshotRef } from "@quiesce/node-libvirt";
import { readDomain } from "../api/domain.ts";
import type { DomainDisk } from "../api/disk.ts";
import { jobOf } from "../api/job.ts";
import { powerOf } from "../api/power.ts";
import type { Reader } from "../client/session.ts";
import { backupLimit } from "../vm/backup-disks.ts";
import { diskLimit, writableDisks } from "../vm/snapshot-limits.ts";
import { agentFacts } from "./agent.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { findByIdOrName } from "./find.ts";
import { fingerprint } from "./fingerprint.ts";
import { pathsOf } from "./inventory.ts";
import { loweredOf, type VmFacts } from "./lowered.ts";
import { unsurveyed } from "./unsurveyed.ts";
import { notesOf } from "./vm-notes.ts";

/** A VSS writer in Windows thaws by itself after 10 s (documented by Microsoft for IVssWriter; not measured here). */
const windowsFreezeMs = 10_000;

export const surveyVm = async (read: Reader, target: Target<"vm">, options: CallOptions): Promise<Surveyed> => {
  const { domains } = read.libvirt;
  const look = {
    byUuid: (uuid: string) => domains.byUuid(uuid, options),
    byName: (name: string) => domains.byName(name, options),
  };
  const found = await findByIdOrName(target.providerId, look, "no-domain");
  if (found.is !== "found") return unsurveyed(target, found, "machine", "virsh list --all");
  const known = await orUndefined(factsOf(read, found.ref, options), "no-domain");
  if (known === undefined) return unsurveyed(target, { is: "missing" }, "machine", "virsh list --all");
  const { facts, snapshots, paths, state } = known;
  const { domain, agent } = facts;
  const disks = await Promise.all(
    writableDisks(domain).map((disk) => diskOf(read, disk, paths.get(disk.name), options)),
  );
  const lowered = loweredOf(target.instance, facts);
  const maxFreezeMs = agent.is === "ready" && agent.os === "mswindows" ? windowsFreezeMs : undefined;
  const limits = lowered.map(({ cell, mode, reason }) => ({ cell: cell.operation, mode, reason }));
  const volumes = disks.map(({ name, volume, captured }) => [name, volume ?? null, captured["snapshot.create"].by]);
  const names = snapshots.map(({ name }) => name).toSorted();
  return {
    instance: target.instance,
    providerId: domain.uuid,
    name: domain.name,
    state,
    account: read.account,
    ...(maxFreezeMs === undefined ? {} : { maxFreezeMs }),
    fingerprint: fingerprint({
      uuid: domain.uuid,
      power: facts.power,
      volumes,
      names,
      limits,
      max: maxFreezeMs ?? null,
    }),
    disks,
    attachedTo: [],
    lowered,
    recipes: {},
    notes: notesOf(facts, names),
  };
};

const factsOf = async (read: Reader, ref: DomainRef, options: CallOptions) => {
  const { domains, snapshots, checkpoints } = read.libvirt;
  const [xml, { state, reason }, power, persistent, job, all, external, held] = await Promise.all([
    domains.xml(ref, 0, options),
    domains.state(ref, options),
    powerOf(read.libvirt, ref, options),
    domains.isPersistent(ref, options),
    jobOf(read.libvirt, ref, options),
    snapshots.list(ref, 0, options),
    snapshots.list(ref, snapshotListFlags.external, options),
    // A driver without checkpoints has none.
    orUndefined(checkpoints.list(ref, 0, options), "no-support"),
  ]);
  const domain = readDomain(xml);
  const agent = await agentFacts(read, ref, domain, power, options);
  const facts: VmFacts = {
    domain,
    power,
    agent,
    persistent,
    job,
    checkpoints: held ?? [],
    external: external.map(({ name }) => name),
  };
  const paths = await pathsOf(read.libvirt, domain, options);
  return { facts, snapshots: all satisfies readonly SnapshotRef[], paths, state: `${state} (${reason})` };
};

const diskOf = async (
  { libvirt: { volumes } }: Reader,
  disk: DomainDisk,
  path: string | undefined,
  options: CallOptions,
): Promise<Disk> => {
  const volume = path === undefined ? undefined : await orUndefined(volumes.byPath(path, options), "no-storage-volume");
  const bytes = volume && (await orUndefined(volumes.info(volume, options), "no-storage-volume"))?.capacity;
  const by = (limit: string | undefined): Disk["captured"]["backup.create"] =>
    limit === undefined ? { by: "vm" } : { by: "nobody", reason: `Disk ${disk.name} ${limit}.` };
  return {
    name: disk.name,
    ...(path === undefined ? {} : { volume: path }),
    ...(bytes === undefined ? {} : { bytes }),
    captured: { "snapshot.create": by(diskLimit(disk)), "backup.create": by(backupLimit(disk)) },
  };
};
