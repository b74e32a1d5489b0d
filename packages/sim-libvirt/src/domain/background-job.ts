import type { TypedParam } from "@quiesce/node-libvirt/protocol";
import type { Host } from "../host/host.ts";
import type { Domain } from "./domain.ts";

/** A job that goes on after the call that began it: somebody's backup. */
export interface BackgroundJob {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Bytes that it has to copy. `undefined` for a pull backup, which lasts until it is aborted. */
  readonly bytes: number | undefined;
  /** Ends it. */
  readonly finish: (how: JobEnd) => void;
}

type JobEnd = { readonly success: boolean; readonly message?: string };

/** What GET_JOB_STATS tells of a job that has ended. */
export interface CompletedJob {
  /** `virDomainJobType` */
  readonly type: number;
  readonly params: readonly TypedParam[];
}

/** Who holds the job lock meanwhile, as the daemon's messages name it. */
const holder = "monitor=remoteDispatchDomainBackupBegin";
const backupOperation = 9;
const jobTypes = { none: 0, bounded: 1, unbounded: 2, completed: 3, failed: 4, cancelled: 5 };

/** Begins a backup as another client would: other jobs of this kind wait for it. Resolves once it goes on. */
export const beginBackup = async (host: Host, domain: Domain, bytes: number | undefined): Promise<void> => {
  const { promise: begun, resolve: begin, reject } = Promise.withResolvers<void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<JobEnd>();
  const running = domain.asyncLock.run(holder, host.settings.lockWaitMs, async () => {
    const job: BackgroundJob = { startedAt: host.clock.now(), bytes, finish: end };
    domain.job = job;
    begin();
    complete(host, domain, job, await ended);
  });
  running.catch(reject);
  await begun;
};

export const runningJobStats = (host: Host, domain: Domain): CompletedJob =>
  domain.job === undefined
    ? { type: jobTypes.none, params: [] }
    : { type: jobTypes.unbounded, params: paramsOf(host, domain.job, false) };

const complete = (host: Host, domain: Domain, job: BackgroundJob, { success, message }: JobEnd): void => {
  domain.job = undefined;
  const params: readonly TypedParam[] = [
    ...paramsOf(host, job, true),
    { field: "success", value: { type: "boolean", value: success } },
    ...(message === undefined ? [] : [{ field: "errmsg", value: { type: "string", value: message } } as const]),
  ];
  domain.completedJob = { type: success ? jobTypes.completed : jobTypes.failed, params };
  host.events.emit({ kind: "job-completed", domain, id: domain.id, params });
};

const paramsOf = (host: Host, { startedAt, bytes }: BackgroundJob, done: boolean): readonly TypedParam[] => {
  const amount = (field: string, value: number): TypedParam => ({
    field,
    value: { type: "ullong", value: BigInt(value) },
  });
  return [
    { field: "operation", value: { type: "int", value: backupOperation } },
    amount("time_elapsed", Math.round(host.clock.now() - startedAt)),
    ...(bytes === undefined ? [] : [amount("disk_total", bytes), amount("disk_processed", done ? bytes : 0)]),
  ];
};
