import type { BackupTruth } from "../domain/background-job.ts";
import { chosenDisks, type BackupPlan } from "./plan-backup.ts";
import type { PointInTime } from "./point-in-time.ts";

/** A backup as it really is. `contents` are in the order of the disks that it takes. */
export const backupTruth = (plan: BackupPlan, contents: readonly PointInTime[], connections: number): BackupTruth => ({
  mode: plan.mode,
  socket: plan.socket,
  incremental: plan.incremental,
  disks: chosenDisks(plan).map(({ target, store }, index) => ({
    target,
    store,
    keptBytes: contents[index]?.keptBytes ?? 0,
  })),
  connections,
});
