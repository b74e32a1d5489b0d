import { unknownRun, type RunId, type Store } from "@quiesce/core";
import type { Tables } from "./table/tables.ts";
import type { RunCache } from "./write/run-cache.ts";

type Reads = Pick<
  Store,
  | "cancelled"
  | "step"
  | "debt"
  | "state"
  | "load"
  | "runs"
  | "events"
  | "debts"
  | "recoveries"
  | "suspended"
  | "catalogue"
>;

/** `read` puts the errors of a look at the file in plain words; `cutLocks` is called before a lock's end is told. */
export const storeReads = (
  tables: Tables,
  cache: RunCache,
  read: <T>(look: () => T) => Promise<T>,
  cutLocks: () => Promise<void>,
): Reads => ({
  cancelled: (run) => read(() => cache.of(run).fold.cancel),
  step: (run, key) => read(() => cache.of(run).fold.steps.get(key)),
  debt: (run, key) => read(() => cache.of(run).fold.debts.get(key)),
  state: (run) =>
    read(() => {
      const { fold } = cache.of(run);
      return { ...fold, steps: new Map(fold.steps), debts: new Map(fold.debts) };
    }),
  load: async (run) => {
    await cutLocks();
    return read(() => tables.runs.load(run));
  },
  runs: async (filter) => {
    await cutLocks();
    return read(() => tables.runs.list(filter));
  },
  events: (run, from) => read(() => eventsOf(tables, run, from)),
  debts: () => read(() => tables.debts.open()),
  recoveries: (filter) => read(() => tables.recoveries.list(filter)),
  suspended: (deployment) => read(() => tables.suspended.of(deployment)),
  catalogue: {
    find: (deployment, nameOrId) => read(() => tables.backups.list({ deployment, nameOrId })),
    list: (filter) => read(() => tables.backups.list(filter)),
  },
});

const eventsOf = ({ events, runs }: Tables, run: RunId, from: number) => {
  const found = events.from(run, from);
  if (found.length === 0 && !runs.has(run)) throw unknownRun(run);
  return found;
};
