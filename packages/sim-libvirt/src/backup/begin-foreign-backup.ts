import { startJob, type JobEnd, type JobWork } from "../domain/background-job.ts";
import type { Domain } from "../domain/domain.ts";
import type { Host } from "../host/host.ts";
import { element } from "../xml/element.ts";

/** Who holds the job lock meanwhile, as the daemon's messages name it. */
const holder = "monitor=remoteDispatchDomainBackupBegin";

/**
 * Begins a backup as another client would: other long jobs wait for it. It copies `bytes`, or, without them, is a pull backup
 * that nobody reads. Resolves once it goes on, with how to end it.
 */
export const beginForeignBackup = async (
  host: Host,
  domain: Domain,
  bytes: number | undefined,
): Promise<(how: JobEnd) => void> => {
  const { promise: begun, resolve, reject } = Promise.withResolvers<(how: JobEnd) => void>();
  domain.asyncLock
    .run(holder, host.settings.lockWaitMs, async () => {
      let end: (how: JobEnd) => void = () => {};
      const { ended } = await startJob(host, domain, async (finish) => {
        end = finish;
        return foreignWork(bytes);
      });
      resolve(end);
      await ended;
    })
    .catch(reject);
  return begun;
};

const foreignWork = (bytes: number | undefined): JobWork => {
  let diskProcessed = 0;
  const mode = bytes === undefined ? "pull" : "push";
  return {
    mode,
    description: element("domainbackup", { mode }),
    progress: () => ({ diskTotal: bytes ?? 0, diskProcessed, tempTotal: 0, tempUsed: 0 }),
    truth: () => ({ mode, socket: undefined, incremental: undefined, disks: [], connections: 0 }),
    close: async ({ success }) => {
      if (success) diskProcessed = bytes ?? 0;
    },
  };
};
