import type { Survey, Surveyed, Target } from "@quiesce/core";
import { snapshotListFlags, type CallOptions, type DomainRef, type SnapshotRef } from "@quiesce/node-libvirt";
import { readDomain } from "../api/domain.ts";
import { jobOf } from "../api/job.ts";
import { powerOf } from "../api/power.ts";
import type { Reader } from "../client/session.ts";
import { agentFacts } from "./agent.ts";
import { listCheckpoints } from "../vm/our-checkpoint.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { disksOf } from "./disk.ts";
import { findByIdOrName } from "./find.ts";
import { fingerprint } from "./fingerprint.ts";
import { pathsOf } from "./inventory.ts";
import { loweredOf, type VmFacts } from "./lowered.ts";
import { trackingOf } from "./tracking.ts";
import { unsurveyed } from "./unsurveyed.ts";
import { notesOf } from "./vm-notes.ts";

/** A VSS writer in Windows thaws by itself after 10 s (documented by Microsoft for IVssWriter; not measured here). */
const windowsFreezeMs = 10_000;

const recovery: NonNullable<Survey["recovery"]> = {
  "backup.restore": { is: "old-disks", detail: "The disks of now stay beside the new ones." },
  "snapshot.restore": {
    is: "none",
    reason: "A revert puts the content back inside the same files. Take a snapshot first, if what is there now counts.",
  },
};

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
  const { facts, snapshots, paths, tracking, state } = known;
  const { domain, agent } = facts;
  const disks = await disksOf(read, domain, paths, options);
  const lowered = loweredOf(target.instance, facts);
  const maxFreezeMs = agent.is === "ready" && agent.os === "mswindows" ? windowsFreezeMs : undefined;
  const limits = lowered.map(({ cell, mode, reason }) => ({ cell: cell.operation, mode, reason }));
  const volumes = disks.map(({ name, volume, captured }) => [
    name,
    volume ?? null,
    captured["snapshot.create"].by,
    captured["backup.create"].by,
  ]);
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
      bases: tracking.bases,
      limits,
      max: maxFreezeMs ?? null,
    }),
    disks,
    attachedTo: [],
    lowered,
    recipes: {},
    ...tracking,
    recovery,
    notes: notesOf(target.instance, facts, names),
  };
};

const factsOf = async (read: Reader, ref: DomainRef, options: CallOptions) => {
  const { domains, snapshots } = read.libvirt;
  const [xml, { state, reason }, power, persistent, job, all, external, checkpoints] = await Promise.all([
    domains.xml(ref, 0, options),
    domains.state(ref, options),
    powerOf(read.libvirt, ref, options),
    domains.isPersistent(ref, options),
    jobOf(read.libvirt, ref, options),
    snapshots.list(ref, 0, options),
    snapshots.list(ref, snapshotListFlags.external, options),
    listCheckpoints(read, ref, options),
  ]);
  const domain = readDomain(xml);
  const agent = await agentFacts(read, ref, domain, power, options);
  const facts: VmFacts = {
    domain,
    power,
    agent,
    persistent,
    job,
    checkpoints,
    external: external.map(({ name }) => name),
  };
  const paths = await pathsOf(read.libvirt, domain, options);
  const tracking = await trackingOf(read, { ref, ...facts }, options);
  return { facts, snapshots: all satisfies readonly SnapshotRef[], paths, tracking, state: `${state} (${reason})` };
};
