import { readBitmaps, type Bitmaps } from "../disk/stored-bitmaps.ts";
import type { BackupTruth } from "../domain/background-job.ts";
import { disksOf, writableDisksOf } from "../domain/domain-disks.ts";
import type { DomainState } from "../domain/domain-state.ts";
import type { Domain } from "../domain/domain.ts";
import type { FreezeWindow } from "../guest/freeze-log.ts";
import { nvramOf } from "../domain/nvram.ts";
import { isExternal } from "../snapshot/snapshot.ts";
import { printXml } from "../xml/print-xml.ts";

/** A domain as it really is, whatever the daemon answers. Plain data. */
export interface DomainTruth {
  readonly uuid: string;
  readonly name: string;
  readonly id: number;
  readonly state: DomainState["name"];
  readonly reason: string;
  readonly persistent: boolean;
  readonly autostart: boolean;
  /** Mount points that are frozen now. */
  readonly frozen: readonly string[];
  readonly freezeWindows: readonly FreezeWindow[];
  /** Changes with each boot. */
  readonly bootId: string;
  readonly uptimeMs: number;
  /** How far the guest's clock is behind the host's. */
  readonly clockBehindMs: number;
  readonly ram: Readonly<Record<string, string>>;
  readonly agentConnected: boolean;
  readonly disks: readonly { readonly target: string; readonly path: string | undefined; readonly format: string }[];
  readonly snapshots: readonly SnapshotTruth[];
  readonly currentSnapshot: string | undefined;
  readonly checkpoints: readonly string[];
  /** The bitmaps of the disks by target: of those that are open while the domain runs, otherwise of the files. */
  readonly bitmaps: Readonly<Record<string, readonly BitmapTruth[]>>;
  readonly backup: BackupTruth | undefined;
  /** Path of the file with the variables of its UEFI firmware. */
  readonly nvram: string | undefined;
  /** Jobs on single disks, by target. */
  readonly blockJobs: Readonly<Record<string, { readonly type: string; readonly ready: boolean }>>;
  readonly managedSave: boolean;
  /** Who holds the domain's job lock. */
  readonly job: string | undefined;
  /** The definition for the next start. */
  readonly xml: string;
}

export interface SnapshotTruth {
  readonly name: string;
  readonly description: string | undefined;
  readonly parent: string | undefined;
  readonly state: string;
  readonly memory: boolean;
  readonly external: boolean;
  /** Mount points that were frozen when the memory was taken. */
  readonly frozen: readonly string[];
}

export interface BitmapTruth {
  readonly name: string;
  readonly broken: boolean;
  /** Clusters that it marks, by number. */
  readonly clusters: readonly number[];
}

export const truthOf = (domain: Domain): DomainTruth => ({
  uuid: domain.uuid,
  name: domain.name,
  id: domain.id,
  state: domain.state.name,
  reason: domain.state.reason,
  persistent: domain.persistent,
  autostart: domain.autostart,
  frozen: domain.guest.filesystems.frozen,
  freezeWindows: domain.guest.filesystems.log.windows,
  bootId: domain.guest.bootId,
  uptimeMs: domain.guest.uptimeMs,
  clockBehindMs: domain.guest.hardwareClockMs - domain.guest.clockMs,
  ram: domain.guest.ram,
  agentConnected: domain.guest.agent.connected,
  disks: disksOf(domain.live ?? domain.config).map(({ target, path, format }) => ({ target, path, format })),
  snapshots: [...domain.snapshots.values()].map((snapshot) => ({
    name: snapshot.name,
    description: snapshot.description,
    parent: snapshot.parent,
    state: snapshot.state,
    memory: snapshot.memory !== undefined,
    external: isExternal(snapshot),
    frozen: snapshot.memory?.frozen ?? [],
  })),
  currentSnapshot: domain.currentSnapshot,
  checkpoints: [...domain.checkpoints.keys()],
  bitmaps: bitmapsOf(domain),
  backup: domain.job?.work.truth(),
  nvram: nvramOf(domain.config),
  blockJobs: Object.fromEntries([...domain.blockJobs].map(([target, { type, ready }]) => [target, { type, ready }])),
  managedSave: domain.managedSave !== undefined,
  job: domain.monitorLock.holder,
  xml: printXml(domain.config),
});

const bitmapsOf = (domain: Domain): DomainTruth["bitmaps"] =>
  Object.fromEntries(
    writableDisksOf(domain.live ?? domain.config).map(({ target, path }) => [
      target,
      describeBitmaps(domain.drives.get(target)?.bitmaps ?? readBitmaps(path)),
    ]),
  );

const describeBitmaps = ({ good, broken }: Bitmaps): readonly BitmapTruth[] => [
  ...[...good].map(([name, clusters]) => ({ name, broken: false, clusters: [...clusters].toSorted((a, b) => a - b) })),
  ...[...broken].map((name) => ({ name, broken: true, clusters: [] })),
];
