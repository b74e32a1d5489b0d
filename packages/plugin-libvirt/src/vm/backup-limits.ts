import { failure } from "@quiesce/core";
import type { Domain } from "../api/domain.ts";
import type { Power } from "../api/power.ts";
import { volumePath } from "../api/volume-path.ts";
import type { Backing } from "./backup-context.ts";
import { backedUpDisks } from "./backup-disks.ts";
import type { Limit } from "./snapshot-limits.ts";

/** All that stands in the way of a backup of this machine now. Disks that it leaves out are told one by one elsewhere. */
export const backupLimits = (domain: Domain, power: Power): readonly Limit[] => [
  ...(backedUpDisks(domain).length === 0
    ? [{ reason: "It has no disk that a backup can take.", fix: "Skip it: skip: [backup.create]" }]
    : []),
  ...(power === "asleep"
    ? [
        {
          reason: "It sleeps (ACPI S3), and its disks cannot be read until it wakes.",
          fix: `Wake it: virsh dompmwakeup ${domain.name}`,
        },
      ]
    : []),
];

export const assertBackupPossible = (domain: Domain, power: Power): void => {
  if (power === "changing")
    throw failure("unavailable", `libvirt is moving ${domain.name} to another state.`, { retry: "later" });
  const [limit] = backupLimits(domain, power);
  if (limit !== undefined) throw failure("invalid", `No backup of ${domain.name}: ${limit.reason} ${limit.fix}`);
};

export const assertBackupCovers = async (c: Backing, domain: Domain): Promise<void> => {
  const options = { signal: c.signal };
  const paths = await Promise.all(
    backedUpDisks(domain).map(({ source }) => volumePath(c.api.libvirt, source, options)),
  );
  const missing = c.target.covers.filter((volume) => !paths.includes(volume));
  if (missing.length === 0) return;
  throw failure(
    "conflict",
    `A backup of ${domain.name} would not hold ${missing.join(", ")}, which the plan counts on: the disks changed. Make the plan again.`,
  );
};
