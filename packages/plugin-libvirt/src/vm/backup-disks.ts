import type { DomainDisk } from "../api/disk.ts";
import type { Domain } from "../api/domain.ts";

/** Disks that a backup takes, in the order of the definition. */
export const backedUpDisks = ({ disks }: Domain): readonly DomainDisk[] =>
  disks.filter((disk) => !disk.readonly && backupLimit(disk) === undefined);

/** Names of all other disks: libvirt must be told to leave them alone. */
export const leftOutDisks = (domain: Domain): readonly string[] => {
  const taken = new Set(backedUpDisks(domain).map(({ name }) => name));
  return [...domain.disks.map(({ name }) => name), ...domain.drives].filter((name) => !taken.has(name));
};

/** Why a writable disk cannot be part of a backup; undefined when it can. */
export const backupLimit = ({ source, transient }: DomainDisk): string | undefined => {
  if (transient) return "is transient: its changes end with the machine";
  switch (source.is) {
    case "file":
    case "volume":
      return undefined;
    case "block":
      return "is a block device, beside which there is no room for what the guest overwrites during the backup";
    case "elsewhere":
      return `lies on ${source.what}, which this plugin cannot back up`;
  }
};

/** Only qcow2 keeps a list of changed blocks over the end of its process. */
export const isTracked = ({ format }: DomainDisk): boolean => format === "qcow2";
