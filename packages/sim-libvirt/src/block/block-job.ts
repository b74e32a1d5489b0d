import type { Host } from "../host/host.ts";
import type { Domain } from "../domain/domain.ts";

/** `virDomainBlockJobType` */
export const blockJobTypes = { pull: 1, copy: 2, commit: 3, "active-commit": 4, backup: 5 } as const;
export type BlockJobType = keyof typeof blockJobTypes;

/** `virConnectDomainEventBlockJobStatus` */
const statuses = { completed: 0, failed: 1, canceled: 2, ready: 3 } as const;

/** A job on one disk of a running domain. */
export interface BlockJob {
  readonly type: BlockJobType;
  /** Bytes to copy. */
  readonly end: number;
  /** The file that takes the bytes. */
  readonly base: string;
  /** All is copied; an active commit waits for somebody to end it. */
  ready: boolean;
  /** The job does nothing more. */
  readonly stop: () => void;
}

export interface BlockJobPlan extends Pick<BlockJob, "type" | "end" | "base"> {
  /** All is copied now. */
  readonly onCopied: () => void;
}

/** Begins a job, which has copied all when the settings say so. */
export const startBlockJob = (host: Host, domain: Domain, target: string, plan: BlockJobPlan): void => {
  const { type, end, base, onCopied } = plan;
  const { blockJobMs } = host.settings;
  const done = () => {
    onCopied();
    if (type === "active-commit") {
      job.ready = true;
      tellBlockJob(host, domain, target, type, "ready");
    } else endBlockJob(host, domain, target, "completed");
  };
  const stop = blockJobMs === null ? () => {} : host.clock.after(blockJobMs, done);
  const job: BlockJob = { type, end, base, ready: false, stop };
  domain.blockJobs.set(target, job);
};

export const endBlockJob = (
  host: Host,
  domain: Domain,
  target: string,
  status: Exclude<keyof typeof statuses, "ready">,
): void => {
  const job = domain.blockJobs.get(target);
  if (job === undefined) return;
  job.stop();
  domain.blockJobs.delete(target);
  tellBlockJob(host, domain, target, job.type, status);
};

export const tellBlockJob = (
  host: Host,
  domain: Domain,
  target: string,
  type: BlockJobType,
  status: keyof typeof statuses,
): void =>
  host.events.emit({
    kind: "block-job",
    domain,
    id: domain.id,
    target,
    type: blockJobTypes[type],
    status: statuses[status],
  });
