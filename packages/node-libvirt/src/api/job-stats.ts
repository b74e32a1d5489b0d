import { paramsToObject, type Params, type TypedParam } from "../protocol/typed-params.ts";
import { knownNameOf, nameOf } from "./name-of.ts";

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

export const jobStats = (type: number, params: readonly TypedParam[]): JobStats => ({
  type: knownNameOf(types, type, "the job of a domain"),
  operation: jobOperation(paramsToObject(params)),
  params: paramsToObject(params),
});

export const jobOperation = (params: Params): JobOperation | undefined => {
  const operation = params["operation"];
  return typeof operation === "number" ? nameOf(operations, operation) : undefined;
};
