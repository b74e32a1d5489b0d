import { randomInt } from "node:crypto";
import { hostname } from "node:os";
import {
  asId,
  createGate,
  indexPlan,
  startRun,
  systemClock,
  type CancelMode,
  type Deployment,
  type Event,
  type Facts,
  type Fleet,
  type Plan,
  type Repository,
  type RunHandle,
  type RunId,
  type RunSummary,
  type RuntimeParts,
} from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { freshName } from "../input/fresh-name.ts";
import type { Output } from "../invocation/output.ts";
import { chooseReporter } from "../reporters/choose-reporter.ts";
import { holdBugs } from "../signals/hold-bugs.ts";
import type { Stops } from "../signals/listen-for-stops.ts";
import { afterTime } from "./after-time.ts";
import { followCancel } from "./follow-cancel.ts";

export interface Execution {
  readonly plan: Plan;
  readonly deployment: Deployment;
  readonly limits: Facts["limits"];
  readonly store: StateStore;
  readonly fleet: Fleet;
  readonly repository: Repository | undefined;
  readonly stops: Stops;
  readonly timeoutMs: number | undefined;
}

export interface Executed {
  readonly summary: RunSummary;
  /** The run was ended because its time was up. */
  readonly timedOut: boolean;
}

/** Runs a plan to its end, shows it while it works, and lets signals, a time limit and other processes stop it. */
export const executePlan = async (execution: Execution, output: Output): Promise<Executed> => {
  const { plan, deployment, store, stops, timeoutMs } = execution;
  const run = asId<RunId>(freshName(new Date(), 6));
  const reporter = chooseReporter(indexPlan(plan), output, () => performance.now());
  let handle: RunHandle | undefined;
  let timedOut = false;
  const asked = new Set<CancelMode>();
  // A cancel that cannot be stored must not end the process: the run goes on and thaws what it froze.
  const cancel = (mode: CancelMode, why: string): void => {
    reporter.say(why);
    asked.add(mode);
    void handle?.cancel(mode).catch(() => {});
  };
  using bugs = holdBugs(() => cancel("soft", "quiesce itself failed: the run is ended in an orderly way."));
  try {
    const onEvent = (event: Event): void => bugs.guard(() => reporter.event(event));
    handle = await startRun({ run, plan, deployment, onEvent }, runtimeParts(execution));
    stops.handOver((mode) => cancel(mode, mode === "soft" ? softly : hard));
    using _following = followCancel(store, run, (mode) => {
      if (!asked.has(mode)) cancel(mode, fromOutside);
    });
    using _limit = afterTime(timeoutMs, () => {
      timedOut = true;
      cancel("soft", "The time of this run is up: no new work is started.");
    });
    const summary = await handle.result;
    bugs.release();
    return { summary, timedOut };
  } finally {
    reporter.close();
  }
};

const defaultLimit = 8;

const runtimeParts = ({ store, fleet, repository, limits }: Execution): RuntimeParts => ({
  store,
  fleet,
  ...(repository === undefined ? {} : { repository }),
  clock: systemClock,
  gate: createGate((account) => limits[account] ?? defaultLimit),
  random: () => randomInt(2 ** 32) / 2 ** 32,
  worker: `${hostname()}, process ${process.pid}`,
});

const fromOutside = "Cancelled from another process.";
const softly =
  "Stopping: no new work is started, copies are broken off, what is frozen is thawed, then quiesce ends. Press Ctrl-C again to abandon calls in flight.";
const hard = "Stopping by force: calls in flight are abandoned; what is frozen is still being thawed.";
