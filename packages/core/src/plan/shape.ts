import type { Operation } from "../vocabulary/operation.ts";
import type { PlanOptions } from "./options.ts";
import type { Step } from "./plan.ts";

/** What a step's operation says about its risk, its deadline and its retries. */
export type Shape = Pick<Step, "risk" | "timeoutMs" | "retry">;

const tries = (attempts: number, baseMs: number, capMs: number): Shape["retry"] => ({ attempts, baseMs, capMs });
/** A second freeze would lengthen the window that the first one may have opened. */
const once = tries(1, 0, 0);
const some = tries(3, 1000, 30_000);
/** A guest waits: try again soon. */
const urgent = tries(5, 200, 2000);

export const shapeOf = (operation: Operation, { timeoutMs }: PlanOptions): Shape => {
  switch (operation) {
    case "suspend":
    case "resume":
      return { risk: "disruptive", timeoutMs: timeoutMs.power, retry: some };
    case "freeze":
      return { risk: "disruptive", timeoutMs: timeoutMs.freeze, retry: once };
    case "thaw":
      return { risk: "safe", timeoutMs: timeoutMs.thaw, retry: urgent };
    case "snapshot.create":
    case "backup.create":
      return { risk: "safe", timeoutMs: timeoutMs.capture, retry: some };
    case "snapshot.restore":
      return { risk: "destructive", timeoutMs: timeoutMs.restore, retry: some };
    case "backup.restore":
      // It moves all bytes back, for which a backup has the time of `complete`.
      return { risk: "destructive", timeoutMs: Math.max(timeoutMs.restore, timeoutMs.complete), retry: some };
    case "snapshot.remove":
    case "backup.remove":
      return { risk: "destructive", timeoutMs: timeoutMs.remove, retry: some };
  }
};
