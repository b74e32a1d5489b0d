import {
  indexPlan,
  type CancelMode,
  type Event,
  type Plan,
  type RunHandle,
  type RunId,
  type RunSummary,
} from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import type { Output } from "../invocation/output.ts";
import { chooseReporter } from "../reporters/choose-reporter.ts";
import { holdBugs } from "../signals/hold-bugs.ts";
import type { Stops } from "../signals/listen-for-stops.ts";
import { afterTime } from "./after-time.ts";
import { followCancel } from "./follow-cancel.ts";

export interface FollowedRun {
  readonly run: RunId;
  readonly plan: Plan;
  readonly store: StateStore;
  readonly stops: Stops;
  readonly timeoutMs: number | undefined;
  /** Begins the run, or takes it over; it tells each event. */
  readonly start: (onEvent: (event: Event) => void) => Promise<RunHandle>;
}

export interface Executed {
  readonly summary: RunSummary;
  /** The run was ended because its time was up. */
  readonly timedOut: boolean;
}

/** Shows a run while it works, and lets signals, a time limit and other processes stop it. */
export const followRun = async (followed: FollowedRun, output: Output): Promise<Executed> => {
  const { run, plan, store, stops, timeoutMs, start } = followed;
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
    handle = await start((event) => bugs.guard(() => reporter.event(event)));
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

const fromOutside = "Cancelled from another process.";
const softly =
  "Stopping: no new work is started, copies are broken off, what is frozen is thawed, then quiesce ends. Press Ctrl-C again to abandon calls in flight.";
const hard = "Stopping by force: calls in flight are abandoned; what is frozen is still being thawed.";
