import { setImmediate } from "node:timers/promises";
import type { JobWork } from "../domain/background-job.ts";
import type { Domain } from "../domain/domain.ts";
import { clusterBytes } from "../disk/dirty-bitmap.ts";
import { sleep } from "../host/clock.ts";
import type { Host } from "../host/host.ts";
import type { BeginOptions } from "./begin-backup.ts";
import { describeBackup } from "./describe-backup.ts";
import { backupTruth } from "./backup-truth.ts";
import { chosenDisks, type DiskBackup } from "./plan-backup.ts";
import { PointInTime } from "./point-in-time.ts";
import { storeRoom } from "./store-room.ts";

/** Copies the content of now to the targets, and ends by itself. A job that fails leaves them as they are. */
export const beginPush = async (
  host: Host,
  _domain: Domain,
  { plan, finish }: BeginOptions,
  atThisInstant: () => void,
): Promise<JobWork> => {
  const disks = chosenDisks(plan);
  atThisInstant();
  const room = storeRoom(host);
  const fail = (error: Error) => finish({ success: false, message: error.message });
  const contents = disks.map(
    ({ drive, size, store, changed }) => new PointInTime({ drive, size, store, room, only: changed, onFull: fail }),
  );
  const progress = { diskTotal: sum(disks.map(bytesOf)), diskProcessed: 0 };
  let stopped = false;
  const copy = async (): Promise<void> => {
    await sleep(host.clock, host.settings.delays.pushMs);
    for (const [index, disk] of disks.entries()) {
      for (const cluster of clustersToCopy(disk)) {
        if (stopped) return;
        contents[index]?.keep(cluster);
        progress.diskProcessed += Math.min(clusterBytes, disk.size - cluster * clusterBytes);
        if (cluster % 256 === 255) await setImmediate();
      }
    }
    finish({ success: true });
  };
  const copying = copy().catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))));
  return {
    mode: "push",
    description: describeBackup(plan),
    progress: () => ({ ...progress, tempTotal: 0, tempUsed: 0 }),
    truth: () => backupTruth(plan, contents, 0),
    close: async () => {
      stopped = true;
      await copying;
      for (const content of contents) content.close();
    },
  };
};

const clustersToCopy = ({ size, changed }: DiskBackup): Iterable<number> =>
  changed ?? Array.from({ length: Math.ceil(size / clusterBytes) }, (_, cluster) => cluster);

const bytesOf = ({ size, changed }: DiskBackup): number =>
  changed === undefined ? size : Math.min(size, changed.size * clusterBytes);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
