import type { JobWork } from "../domain/background-job.ts";
import type { Domain } from "../domain/domain.ts";
import { sleep } from "../host/clock.ts";
import type { Host } from "../host/host.ts";
import { diskExport } from "../nbd/disk-export.ts";
import { serveNbd, type NbdServer } from "../nbd/nbd-server.ts";
import type { BeginOptions } from "./begin-backup.ts";
import { describeBackup } from "./describe-backup.ts";
import { nbdTrouble } from "./nbd-trouble.ts";
import { backupTruth } from "./backup-truth.ts";
import { chosenDisks, type DiskBackup } from "./plan-backup.ts";
import { PointInTime } from "./point-in-time.ts";
import { removeStores } from "./stores.ts";
import { storeRoom } from "./store-room.ts";

/** Keeps the content of now for clients to read until the job is aborted. */
export const beginPull = async (
  host: Host,
  domain: Domain,
  { plan, reuse }: BeginOptions,
  atThisInstant: () => void,
): Promise<JobWork> => {
  const disks = chosenDisks(plan);
  // The server comes first: when it cannot be, nothing has begun.
  const contents: PointInTime[] = [];
  const server = await serveDisks(host, domain, plan.socket ?? "", disks, contents);
  try {
    atThisInstant();
    const room = storeRoom(host);
    for (const { drive, size, store } of disks) contents.push(new PointInTime({ drive, size, store, room }));
  } catch (error) {
    for (const content of contents) content.close();
    await server.close();
    throw error;
  }
  const tempTotal = disks.reduce((sum, { size }) => sum + size, 0);
  const tempUsed = () => contents.reduce((sum, { keptBytes }) => sum + keptBytes, 0);
  return {
    mode: "pull",
    description: describeBackup(plan),
    progress: () => ({ diskTotal: 0, diskProcessed: 0, tempTotal, tempUsed: tempUsed() }),
    truth: () => backupTruth(plan, contents, server.connections),
    close: async ({ cancelled = false }) => {
      await sleep(host.clock, host.settings.delays.abortMs);
      await server.close({ killed: cancelled });
      for (const content of contents) content.close();
      if (!reuse) removeStores(plan);
    },
  };
};

/** The contents are there when the first client can connect, and not before. */
const serveDisks = (
  host: Host,
  domain: Domain,
  socketPath: string,
  disks: readonly DiskBackup[],
  contents: readonly PointInTime[],
): Promise<NbdServer> =>
  serveNbd({
    socketPath,
    exports: () =>
      disks.flatMap(({ exportName, exportBitmap, changed }, index) => {
        const content = contents[index];
        if (content === undefined) return [];
        const changes =
          changed === undefined || exportBitmap === undefined ? undefined : { bitmap: exportBitmap, clusters: changed };
        return [diskExport({ name: exportName, content, changes })];
      }),
    trouble: nbdTrouble(host, domain.name),
  });
