import { apply, emptyFold, indexPlan, unknownRun, type Plan, type PlanIndex } from "@quiesce/core";
import type { Recorded, RunFold, RunId } from "@quiesce/core";
import type { Tables } from "../table/tables.ts";

/** A run's state in memory, so that one look at a step costs the same in a long run as in a short one. */
interface CachedRun {
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
  /** A transaction that writes begins: until `ended` no other process can add events. */
  began(): void;
  /** Forgets what was appended in this transaction: some of it was undone. */
  undone(): void;
  /** The transaction ended; `kept` false: nothing of it is in the file. */
  ended(kept: boolean): void;
}

type Growing = { -readonly [K in keyof CachedRun]: CachedRun[K] };

export const runCache = ({ runs, events }: Pick<Tables, "runs" | "events">): RunCache => {
  const cached = new Map<RunId, Growing>();
  /** Runs with events of this transaction. */
  const changed = new Set<RunId>();
  /** Runs that have all events of other processes, until the transaction ends. */
  const current = new Set<RunId>();
  let isWriting = false;

  const load = (run: RunId): Growing => {
    const plan = runs.plan(run);
    if (plan === undefined) throw unknownRun(run);
    return fresh(plan);
  };
  const of = (run: RunId): Growing => {
    const known = cached.get(run);
    if (known !== undefined && current.has(run)) return known;
    const entry = known ?? load(run);
    for (const event of events.from(run, entry.next)) take(entry, event);
    // A settled run is seldom looked at again: a process that works for weeks must not keep them all.
    if (entry.fold.status === undefined) cached.set(run, entry);
    else cached.delete(run);
    if (isWriting) current.add(run);
    return entry;
  };
  return {
    of,
    started: (run, plan) => {
      changed.add(run);
      current.add(run);
      cached.set(run, fresh(plan));
    },
    append: (run, event) => {
      changed.add(run);
      const entry = cached.get(run);
      if (entry === undefined) return of(run);
      take(entry, event);
      return entry;
    },
    began: () => {
      isWriting = true;
    },
    undone: () => {
      for (const run of changed) cached.delete(run);
    },
    ended: (kept) => {
      if (!kept) cached.clear();
      isWriting = false;
      changed.clear();
      current.clear();
    },
  };
};

const fresh = (plan: Plan): Growing => ({ index: indexPlan(plan), fold: emptyFold(), next: 0 });

const take = (entry: Growing, event: Recorded): void => {
  apply(entry.fold, event);
  entry.next += 1;
};
