import type { ProcedureName } from "@quiesce/node-libvirt/protocol";
import type { CallObject } from "./call-object.ts";

/** One call that reached the daemon. */
export interface CallRecord {
  /** Counts from 1 in order of arrival. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Counts from 1 in the order in which connections were opened. */
  readonly connection: number;
  readonly procedure: ProcedureName;
  /** True when the call may change the host or a guest. */
  readonly mutating: boolean;
  readonly object: CallObject | undefined;
  /** The name of the snapshot or checkpoint, or the agent's command. */
  readonly detail: string | undefined;
  /** `silent`: the client got no answer. */
  outcome: "running" | "ok" | "failed" | "silent";
  /** libvirt's error code of a call that failed. */
  code: number | undefined;
  endedAt: number | undefined;
}

/** All calls, in order. */
export class CallLog {
  readonly #records: CallRecord[] = [];

  get records(): readonly CallRecord[] {
    return this.#records;
  }

  begin(call: Pick<CallRecord, "at" | "connection" | "procedure" | "mutating" | "object" | "detail">): CallRecord {
    const record: CallRecord = {
      seq: this.#records.length + 1,
      ...call,
      outcome: "running",
      code: undefined,
      endedAt: undefined,
    };
    this.#records.push(record);
    return record;
  }
}
