import type { TypedParam } from "@quiesce/node-libvirt/protocol";
import type { Host } from "../host/host.ts";
import type { XmlElement } from "../xml/element.ts";
import { tellBlockJob } from "../block/block-job.ts";
import type { Domain } from "./domain.ts";

/** A job that goes on after the call that began it: a backup. */
export interface BackgroundJob {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly work: JobWork;
  /** Ends it. */
  readonly finish: (how: JobEnd) => void;
}

export interface JobEnd {
  readonly success: boolean;
  readonly message?: string;
  /** The guest has ended under it. */
  readonly cancelled?: boolean;
}

/** What a job does, and how far it is. */
export interface JobWork {
  /** A push job ends by itself, a pull job lasts until it is aborted. */
  readonly mode: "push" | "pull";
  /** What BACKUP_GET_XML_DESC prints. */
  readonly description: XmlElement;
  readonly progress: () => JobProgress;
  /** For tests. */
  readonly truth: () => BackupTruth;
  /** Clears up; files go, connections end. */
  readonly close: (how: JobEnd) => Promise<void>;
}

/** A backup as it really is. Plain data. */
export interface BackupTruth {
  readonly mode: "push" | "pull";
  readonly socket: string | undefined;
  readonly incremental: string | undefined;
  readonly disks: readonly {
    readonly target: string;
    /** Scratch file or target. */
    readonly store: string;
    /** Old bytes that lie there. */
    readonly keptBytes: number;
  }[];
  /** Clients of its NBD server. */
  readonly connections: number;
}

/** Bytes. */
export interface JobProgress {
  readonly diskTotal: number;
  readonly diskProcessed: number;
  readonly tempTotal: number;
  readonly tempUsed: number;
}

/** What GET_JOB_STATS tells of a job that has ended. */
export interface CompletedJob {
  /** `virDomainJobType` */
  readonly type: number;
  readonly params: readonly TypedParam[];
}

const operations = { save: 2, backup: 9 };
const jobTypes = { none: 0, bounded: 1, unbounded: 2, completed: 3, failed: 4, cancelled: 5 };

/**
 * Runs a job whose lock is held until it has ended and cleared up. The promise in `ended` is settled then; what is returned
 * resolves as soon as the job goes on.
 */
export const startJob = async (
  host: Host,
  domain: Domain,
  begin: (finish: (how: JobEnd) => void) => Promise<JobWork>,
): Promise<{ readonly ended: Promise<void> }> => {
  const startedAt = host.clock.now();
  const { promise: end, resolve: finish } = Promise.withResolvers<JobEnd>();
  const work = await begin(finish);
  const job: BackgroundJob = { startedAt, work, finish };
  domain.job = job;
  return { ended: end.then((how) => complete(host, domain, job, how)) };
};

export const runningJobStats = (host: Host, domain: Domain): CompletedJob =>
  domain.job === undefined
    ? { type: jobTypes.none, params: [] }
    : { type: jobTypes.unbounded, params: paramsOf(host, domain.job) };

const complete = async (host: Host, domain: Domain, job: BackgroundJob, how: JobEnd): Promise<void> => {
  const { success, message } = how;
  await job.work.close(how);
  const params: readonly TypedParam[] = [
    ...paramsOf(host, job),
    { field: "success", value: { type: "boolean", value: success } },
    ...(message === undefined ? [] : [{ field: "errmsg", value: { type: "string", value: message } } as const]),
  ];
  domain.job = undefined;
  if (how.cancelled !== true)
    for (const { target } of job.work.truth().disks) tellOfDisk(host, domain, target, job, how);
  domain.completedJob = {
    type: how.cancelled === true ? jobTypes.cancelled : success ? jobTypes.completed : jobTypes.failed,
    params,
  };
  host.events.emit({ kind: "job-completed", domain, id: domain.id, params });
};

/** A save is such a job too, though its caller waits for it. */
export const completeSave = (host: Host, domain: Domain, id: number, startedAt: number): void => {
  const params: readonly TypedParam[] = [
    { field: "operation", value: { type: "int", value: operations.save } },
    { field: "time_elapsed", value: { type: "ullong", value: BigInt(Math.round(host.clock.now() - startedAt)) } },
  ];
  domain.completedJob = { type: jobTypes.completed, params };
  host.events.emit({ kind: "job-completed", domain, id, params });
};

const tellOfDisk = (host: Host, domain: Domain, target: string, { work }: BackgroundJob, { success }: JobEnd): void =>
  tellBlockJob(host, domain, target, "backup", work.mode === "pull" ? "canceled" : success ? "completed" : "failed");

const paramsOf = (host: Host, { startedAt, work }: BackgroundJob): readonly TypedParam[] => {
  const { diskTotal, diskProcessed, tempTotal, tempUsed } = work.progress();
  const amount = (field: string, value: number): TypedParam => ({
    field,
    value: { type: "ullong", value: BigInt(value) },
  });
  return [
    { field: "operation", value: { type: "int", value: operations.backup } },
    amount("time_elapsed", Math.round(host.clock.now() - startedAt)),
    ...(diskTotal > 0
      ? [
          amount("disk_total", diskTotal),
          amount("disk_processed", diskProcessed),
          amount("disk_remaining", diskTotal - diskProcessed),
        ]
      : []),
    ...(tempTotal > 0 ? [amount("disk_temp_used", tempUsed), amount("disk_temp_total", tempTotal)] : []),
  ];
};

/** What GET_JOB_INFO tells: the same in fewer words. A backup counts its bytes as those of files. */
export const jobInfo = (host: Host, { job }: Domain) => {
  const { diskTotal, diskProcessed, tempTotal, tempUsed } = job?.work.progress() ?? noProgress;
  const total = BigInt(diskTotal + tempTotal);
  const processed = BigInt(diskProcessed + tempUsed);
  return {
    type: job === undefined ? jobTypes.none : jobTypes.unbounded,
    timeElapsed: BigInt(job === undefined ? 0 : Math.round(host.clock.now() - job.startedAt)),
    timeRemaining: 0n,
    dataTotal: total,
    dataProcessed: processed,
    dataRemaining: total - processed,
    memTotal: 0n,
    memProcessed: 0n,
    memRemaining: 0n,
    fileTotal: total,
    fileProcessed: processed,
    fileRemaining: total - processed,
  };
};

const noProgress: JobProgress = { diskTotal: 0, diskProcessed: 0, tempTotal: 0, tempUsed: 0 };
