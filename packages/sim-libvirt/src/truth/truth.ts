import { existsSync, statSync } from "node:fs";
import type { ProcedureName } from "@quiesce/node-libvirt/protocol";
import { diskFormat, hashDisk } from "../disk/disk-image.ts";
import { snapshotFileOf } from "../disk/sidecar.ts";
import { writableDisksOf } from "../domain/domain-disks.ts";
import type { Domain } from "../domain/domain.ts";
import { domainByName } from "../domain/find-domain.ts";
import type { Host } from "../host/host.ts";
import { printXml } from "../xml/print-xml.ts";
import type { CallRecord } from "./call-log.ts";
import { truthOf, type DomainTruth } from "./domain-truth.ts";

export interface NetworkTruth {
  readonly uuid: string;
  readonly name: string;
  readonly active: boolean;
  readonly autostart: boolean;
  readonly xml: string;
}

export interface VolumeTruth {
  readonly pool: string;
  readonly name: string;
  readonly path: string;
  readonly format: string;
  /** Bytes. */
  readonly size: number;
}

/** SHA-256 in hexadecimal by disk target. */
export type Hashes = Readonly<Record<string, string>>;

export interface CallFilter {
  readonly procedure?: string | undefined;
  readonly object?: string | undefined;
  readonly mutating?: boolean | undefined;
  /** Only calls after this one. */
  readonly afterSeq?: number | undefined;
}

/** What really is, read past the protocol. All of it is plain data. */
export interface Truth {
  domains(): readonly DomainTruth[];
  /** @throws {Error} when there is no such domain */
  domain(name: string): DomainTruth;
  /** Names of the domains that are frozen now. */
  frozen(): readonly string[];
  networks(): readonly NetworkTruth[];
  /** Of the bytes that the guest's disks have now. */
  hashes(domain: string): Promise<Hashes>;
  /** Of the bytes that an internal snapshot keeps. */
  snapshotHashes(domain: string, snapshot: string): Promise<Hashes>;
  /** Of the active pools, as files that are there. */
  volumes(): readonly VolumeTruth[];
  /** The calls that have removed something, or whose answer was lost so that they may have: each says what, and over which connection. */
  removed(): readonly CallRecord[];
  calls(filter?: CallFilter): readonly CallRecord[];
  /** How often each mutating procedure was called, by the kind and name of its object. */
  mutations(): Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const createTruth = (host: Host): Truth => {
  const find = (name: string): Domain => {
    const domain = domainByName(host, name);
    if (domain === undefined) throw new Error(`The simulated host ${host.name} has no domain ${name}.`);
    return domain;
  };
  const calls = (filter: CallFilter = {}) => host.calls.records.filter((record) => passes(record, filter));
  return {
    domains: () => [...host.domains.values()].map(truthOf),
    domain: (name) => truthOf(find(name)),
    frozen: () =>
      [...host.domains.values()].filter(({ guest }) => guest.filesystems.frozen.length > 0).map(({ name }) => name),
    networks: () =>
      [...host.networks.values()].map(({ uuid, name, live, autostart, config }) => ({
        uuid,
        name,
        active: live !== undefined,
        autostart,
        xml: printXml(config),
      })),
    hashes: (name) => {
      const { live, config } = find(name);
      return hashAll(writableDisksOf(live ?? config).map(({ target, path }) => [target, path]));
    },
    snapshotHashes: (name, snapshot) => {
      const disks = find(name).snapshots.get(snapshot)?.disks;
      if (disks === undefined) throw new Error(`The simulated domain ${name} has no snapshot ${snapshot}.`);
      const internal = disks.filter((disk) => disk.mode === "internal");
      return hashAll(internal.map((disk) => [disk.name, snapshotFileOf(disk.path, snapshot)]));
    },
    volumes: () => volumesOf(host),
    removed: () => calls().filter(({ procedure, outcome }) => removing.has(procedure) && outcome !== "failed"),
    calls,
    mutations: () => countMutations(calls({ mutating: true })),
  };
};

const removing: ReadonlySet<ProcedureName> = new Set([
  "domainUndefineFlags",
  "domainManagedSaveRemove",
  "domainSnapshotDelete",
  "domainCheckpointDelete",
  "networkUndefine",
  "storagePoolUndefine",
  "storageVolDelete",
] as const);

const volumesOf = (host: Host): readonly VolumeTruth[] =>
  [...host.pools.values()].flatMap((pool) =>
    pool.volumes.flatMap((name) => {
      const path = `${pool.path}/${name}`;
      if (!existsSync(path)) return [];
      return [{ pool: pool.name, name, path, format: diskFormat(path), size: statSync(path).size }];
    }),
  );

const passes = (record: CallRecord, { procedure, object, mutating, afterSeq }: CallFilter): boolean =>
  (procedure === undefined || record.procedure === procedure) &&
  (object === undefined || record.object?.name === object) &&
  (mutating === undefined || record.mutating === mutating) &&
  (afterSeq === undefined || record.seq > afterSeq);

const hashAll = async (files: readonly (readonly [name: string, path: string])[]): Promise<Hashes> =>
  Object.fromEntries(await Promise.all(files.map(async ([name, path]) => [name, await hashDisk(path)] as const)));

const countMutations = (calls: readonly CallRecord[]): Record<string, Record<string, number>> => {
  const counts: Record<string, Record<string, number>> = {};
  for (const { object, procedure } of calls) {
    const of = (counts[object === undefined ? "host" : `${object.kind} ${object.name}`] ??= {});
    of[procedure] = (of[procedure] ?? 0) + 1;
  }
  return counts;
};
