import { paramsToObject, type Params, type TypedParam } from "../protocol/typed-params.ts";
import type { procedures } from "../protocol/procedures.ts";
import type { XdrValue } from "../protocol/xdr-type.ts";
import { knownNameOf, nameOf } from "./name-of.ts";
import { safeNumber } from "./safe-number.ts";

const types = ["none", "bounded", "unbounded", "completed", "failed", "cancelled"] as const;

const operations = [
  "unknown",
  "start",
  "save",
  "restore",
  "migration-in",
  "migration-out",
  "snapshot",
  "snapshot-revert",
  "dump",
  "backup",
  "snapshot-delete",
] as const;

export type JobOperation = (typeof operations)[number] | "unrecognised";

/** A long job on a domain. While one goes on, most other jobs on the domain wait 30 s and then fail. */
export interface JobStats {
  /** `none`: no job. `bounded` and `unbounded`: one goes on, with or without a known end. */
  readonly type: (typeof types)[number];
  /** Absent when there is no job. */
  readonly operation: JobOperation | undefined;
  /** All fields by libvirt's names: `disk_total`, `disk_processed` (bytes), `time_elapsed` (ms), `success`, `errmsg`, ... */
  readonly params: Params;
}

/** A job in the older, shorter form. Times in ms, all else in bytes; 0 where the job has no such thing. */
export interface JobInfo {
  readonly type: JobStats["type"];
  readonly timeElapsed: number;
  readonly timeRemaining: number;
  readonly dataTotal: number;
  readonly dataProcessed: number;
  readonly dataRemaining: number;
}

export const jobInfo = (info: XdrValue<typeof procedures.domainGetJobInfo.ret>): JobInfo => ({
  type: knownNameOf(types, info.type, "the job of a domain"),
  timeElapsed: safeNumber(info.timeElapsed, "the age of a job"),
  timeRemaining: safeNumber(info.timeRemaining, "the rest of a job"),
  dataTotal: safeNumber(info.dataTotal, "the size of a job"),
  dataProcessed: safeNumber(info.dataProcessed, "the progress of a job"),
  dataRemaining: safeNumber(info.dataRemaining, "the rest of a job"),
});

export const jobStats = (type: number, params: readonly TypedParam[]): JobStats => ({
  type: knownNameOf(types, type, "the job of a domain"),
  operation: jobOperation(paramsToObject(params)),
  params: paramsToObject(params),
});

export const jobOperation = (params: Params): JobOperation | undefined => {
  const operation = params["operation"];
  return typeof operation === "number" ? nameOf(operations, operation) : undefined;
};
