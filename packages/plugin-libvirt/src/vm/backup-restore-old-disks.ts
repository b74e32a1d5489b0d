import { failure } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import { dirname } from "node:path/posix";
import type { DomainDisk } from "../api/disk.ts";
import type { Domain } from "../api/domain.ts";
import { poolAt } from "../api/pool.ts";
import { volumePath } from "../api/volume-path.ts";
import { volumeUsers } from "../api/volume-users.ts";
import { findVolume } from "../volume/find-volume.ts";
import type { Revoking } from "./backup-restore-context.ts";

/** Throws when a disk that a machine is to get back is gone, or when another machine has it by now. */
export const assertOldDisks = async (c: Revoking, machine: DomainRef, { disks }: Domain): Promise<void> => {
  for (const disk of disks) await assertOldDisk(c, machine, disk);
};

const assertOldDisk = async (c: Revoking, machine: DomainRef, disk: DomainDisk): Promise<void> => {
  const { libvirt } = c.api;
  const options = { signal: c.signal };
  const { name, source, readonly, shareable } = disk;
  const path = await volumePath(libvirt, source, options);
  if (path === undefined && source.is === "elsewhere") return;
  if (path === undefined || !(await isThere(c, path)))
    throw failure(
      "not-found",
      `Not taken back: the old disk ${name} of ${machine.name} (${path ?? "its volume"}) is gone. Nothing was touched.`,
    );
  if (readonly || shareable) return;
  const volume = {
    path,
    pool: "",
    name: "",
    ...(source.is === "volume" && { pool: source.pool, name: source.volume }),
  };
  const users = (await volumeUsers(libvirt, volume, options)).filter((user) => user !== machine.name);
  if (users.length === 0) return;
  throw failure(
    "conflict",
    `Not taken back: the old disk ${name} of ${machine.name} (${path}) is used by ${users.join(", ")} now. ` +
      "Two machines that write to one disk destroy it. Detach it there first: virsh detach-disk.",
  );
};

/** A file in no pool cannot be looked at: the start will tell. */
const isThere = async ({ api, signal }: Revoking, path: string): Promise<boolean> => {
  const pool = await poolAt(api.libvirt, dirname(path), { signal });
  if (pool === undefined) return true;
  await api.libvirt.pools.refresh(pool, { signal });
  return (await findVolume(api, path, { signal })) !== undefined;
};
