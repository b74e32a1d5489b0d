import { apply, emptyFold, indexPlan, unknownRun, type Plan, type PlanIndex } from "@quiesce/core";
import type { Recorded, RunFold, RunId } from "@quiesce/core";
import type { Tables } from "../table/tables.ts";

/** A run's state in memory, so that one look at a step costs the same in a long run as in a short one. */
export interface CachedRun {
  readonly index: PlanIndex;
  readonly fold: RunFold;
  /** Position of the next event. */
  readonly next: number;
}

export interface RunCache {
  /** The run with all events that are in the file, those of other processes too. Throws for an unknown run. */
  of(run: RunId): CachedRun;
  /** Keeps the plan of a run that was just stored, and saves reading it again. */
  started(run: RunId, plan: Plan): void;
  /** Takes in an event that was just appended at position `next`. */
  append(run: RunId, event: Recorded): CachedRun;
  /** Forgets what was appended since `kept`: it was undone. */
  undone(): void;
  kept(): void;
  clear(): void;
}

type Growing = { -readonly [K in keyof CachedRun]: CachedRun[K] };

export const runCache = ({ runs, events }: Pick<Tables, "runs" | "events">): RunCache => {
  const cached = new Map<RunId, Growing>();
  const changed = new Set<RunId>();

  const load = (run: RunId): Growing => {
    const plan = runs.plan(run);
    if (plan === undefined) throw unknownRun(run);
    return fresh(plan);
  };
  const of = (run: RunId): Growing => {
    const entry = cached.get(run) ?? load(run);
    for (const event of events.from(run, entry.next)) take(entry, event);
    // A settled run is seldom looked at again: a process that works for weeks must not keep them all.
    if (entry.fold.status === undefined) cached.set(run, entry);
    else cached.delete(run);
    return entry;
  };
  return {
    of,
    started: (run, plan) => {
      changed.add(run);
      cached.set(run, fresh(plan));
    },
    append: (run, event) => {
      changed.add(run);
      const entry = cached.get(run);
      if (entry === undefined) return of(run);
      take(entry, event);
      return entry;
    },
    undone: () => {
      for (const run of changed) cached.delete(run);
    },
    kept: () => changed.clear(),
    clear: () => {
      changed.clear();
      cached.clear();
    },
  };
};

const fresh = (plan: Plan): Growing => ({ index: indexPlan(plan), fold: emptyFold(), next: 0 });

const take = (entry: Growing, event: Recorded): void => {
  apply(entry.fold, event);
  entry.next += 1;
};
