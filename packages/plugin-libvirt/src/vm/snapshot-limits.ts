import type { Domain } from "../api/domain.ts";
import type { DomainDisk } from "../api/disk.ts";
import { isActive, type Power } from "../api/power.ts";

/** Why a machine cannot have an internal snapshot now, and what to do about it. */
export interface Limit {
  readonly reason: string;
  readonly fix: string;
}

/** Disks that a snapshot takes: libvirt takes all writable ones together or none. */
export const writableDisks = ({ disks }: Domain): readonly DomainDisk[] => disks.filter(({ readonly }) => !readonly);

/** Why a disk keeps no internal snapshot; undefined when it does. */
export const diskLimit = ({ source, format, transient }: DomainDisk): string | undefined => {
  if (transient) return "is transient: its changes end with the machine";
  if (source.is === "elsewhere") return `lies on ${source.what}, which this plugin cannot snapshot`;
  if (source.is === "block") return "is a block device, which has no room for an internal snapshot";
  return format === "qcow2" ? undefined : `has the format ${format ?? "raw"}, which has no internal snapshots`;
};

/** All that stands in the way, as libvirt 9.0 and QEMU 7.2 refuse it. */
export const snapshotLimits = (domain: Domain, power: Power): readonly Limit[] => {
  const writable = writableDisks(domain);
  const active = isActive(power);
  return [
    ...(writable.length === 0
      ? [{ reason: "It has no writable disk, so there is nothing to take.", fix: "Skip it: skip: [snapshot.create]" }]
      : []),
    ...writable.flatMap((disk) => {
      const reason = diskLimit(disk);
      if (reason === undefined) return [];
      const fix = `Convert it to qcow2 (qemu-img convert), or detach ${disk.name}: a snapshot takes all writable disks or none.`;
      return [{ reason: `Disk ${disk.name} ${reason}.`, fix }];
    }),
    ...(power === "asleep"
      ? [{ reason: "QEMU takes no snapshot of a sleeping machine.", fix: `Wake it: virsh dompmwakeup ${domain.name}` }]
      : []),
    ...(active ? domain.pinned.map((what) => pinnedLimit(domain, what)) : []),
    ...(active && domain.pflash
      ? [
          {
            reason: "libvirt takes no internal snapshot of a running machine with UEFI firmware (pflash).",
            fix: "Shut it down for the snapshot, or use BIOS firmware.",
          },
        ]
      : []),
  ];
};

const pinnedLimit = ({ name }: Domain, what: string): Limit => ({
  reason: `It has ${what}, whose state QEMU cannot put into a snapshot of a running machine.`,
  fix: `Detach it, or shut ${name} down for the snapshot.`,
});
