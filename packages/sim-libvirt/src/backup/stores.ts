import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { createDisk } from "../disk/disk-image.ts";
import { sidecarOf } from "../disk/sidecar.ts";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { Failure } from "../failure/failure.ts";
import { chosenDisks, type BackupPlan } from "./plan-backup.ts";

/** Makes the scratch files or targets of a backup, all or none. @throws {Failure} */
export const createStores = (plan: BackupPlan): void => {
  const disks = chosenDisks(plan);
  for (const { store } of disks) {
    if (existsSync(dirname(store))) continue;
    const text = `failed to create image file '${store}': No such file or directory`;
    throw new Failure(errorCodes["system-error"].code, errorDomains.qemu, text);
  }
  for (const { store, size, format } of disks) createDisk(store, size, format === "raw" ? "raw" : "qcow2");
};

export const removeStores = (plan: BackupPlan): void => {
  for (const { store } of chosenDisks(plan)) {
    rmSync(store, { force: true });
    rmSync(sidecarOf(store), { recursive: true, force: true });
  }
};
