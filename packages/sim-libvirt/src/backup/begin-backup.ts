import { beginCheckpoint } from "../checkpoint/create-checkpoint.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Domain } from "../domain/domain.ts";
import type { JobEnd, JobWork } from "../domain/background-job.ts";
import type { Host } from "../host/host.ts";
import type { BackupPlan } from "./plan-backup.ts";
import { beginPull } from "./begin-pull.ts";
import { beginPush } from "./begin-push.ts";
import { createStores, removeStores } from "./stores.ts";

export interface BeginOptions {
  readonly plan: BackupPlan;
  readonly checkpoint: Checkpoint | undefined;
  /** The files are the client's: they are there, and stay. */
  readonly reuse: boolean;
  /** Ends the job by itself. */
  readonly finish: (how: JobEnd) => void;
}

/**
 * Fixes the content of a backup, begins its checkpoint at the same instant and, for a pull, serves it; the job lock is held.
 * What was made is gone again when it fails.
 * @throws {Failure}
 */
export const beginBackup = async (host: Host, domain: Domain, options: BeginOptions): Promise<JobWork> => {
  const { plan, checkpoint, reuse } = options;
  if (!reuse) createStores(plan);
  try {
    return await (plan.mode === "pull" ? beginPull : beginPush)(host, domain, options, () => {
      if (checkpoint !== undefined) beginCheckpoint(domain, checkpoint);
    });
  } catch (error) {
    if (!reuse) removeStores(plan);
    throw error;
  }
};
