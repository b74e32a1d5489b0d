import {
  asId,
  isQuiesceError,
  startRun,
  type Deployment,
  type Event,
  type Plan,
  type RunHandle,
  type RunId,
} from "@quiesce/core";
import { freshName } from "../input/fresh-name.ts";
import type { Output } from "../invocation/output.ts";
import { lockHolder } from "../records/lock-holder.ts";
import type { Stops } from "../signals/listen-for-stops.ts";
import { followRun, type Executed } from "./follow-run.ts";
import { runtimeParts, type RunTools } from "./runtime-parts.ts";

export interface Execution extends RunTools {
  readonly plan: Plan;
  readonly deployment: Deployment;
  readonly stops: Stops;
  readonly timeoutMs: number | undefined;
  /** A run that fails or is cancelled takes back what it did. */
  readonly rollback: boolean;
}

/** Runs a plan to its end. */
export const executePlan = async (execution: Execution, output: Output): Promise<Executed> => {
  const { plan, deployment, store, stops, timeoutMs, rollback } = execution;
  const run = asId<RunId>(freshName(new Date(), 6));
  const start = async (onEvent: (event: Event) => void): Promise<RunHandle> => {
    try {
      return await startRun({ run, plan, deployment, onEvent, rollback }, runtimeParts(execution));
    } catch (thrown) {
      if (!isQuiesceError(thrown) || thrown.code !== "locked") throw thrown;
      throw (await lockHolder(plan, store, Date.now())) ?? thrown;
    }
  };
  return await followRun({ run, plan, store, stops, timeoutMs, start }, output);
};
