import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";
import { isOwed } from "../run/run-state.ts";
import { memoryData, runOf, type MemoryData } from "./memory-data.ts";
import { recordOf, type MemoryRun } from "./memory-run.ts";
import { memoryWrites, toInstant } from "./memory-writes.ts";

export interface MemoryStoreOptions {
  /** Default: a new UUID. */
  readonly id?: string;
  /** Decides which locks have expired. Default: the system's clock. */
  readonly clock?: Pick<Clock, "now">;
}

/** A store that forgets everything with the process: for tests, and the shortest text of what every store must mean. */
export const memoryStore = (options: MemoryStoreOptions = {}): Store => {
  const { clock } = options;
  const id = options.id ?? crypto.randomUUID();
  const data = memoryData(id, clock === undefined ? Date.now : () => Date.parse(clock.now()));
  return {
    get id() {
      return data.id;
    },
    catalogue: data.catalogue,
    ...memoryWrites(data),
    ...memoryReads(data),
    close: async () => undefined,
  };
};

type Reads = Omit<Store, "id" | "catalogue" | "close" | keyof ReturnType<typeof memoryWrites>>;

const memoryReads = (data: MemoryData): Reads => {
  const { runs, suspended, locks } = data;
  const record = (run: MemoryRun) => {
    const until = locks.heldUntil(run.given.run);
    return recordOf(run, until === undefined ? undefined : toInstant(until));
  };
  return {
    cancelled: async (run) => runOf(data, run).fold.cancel,
    step: async (run, key) => runOf(data, run).fold.steps.get(key),
    debt: async (run, key) => runOf(data, run).fold.debts.get(key),
    state: async (id) => {
      const { fold } = runOf(data, id);
      return { ...fold, steps: new Map(fold.steps), debts: new Map(fold.debts) };
    },
    load: async (id) => {
      const run = runs.get(id);
      return run && { plan: run.given.plan, deployment: run.given.deployment, record: record(run) };
    },
    runs: async ({ deployment, open }) =>
      [...runs.values()]
        .reverse()
        .filter(({ given }) => deployment === undefined || given.plan.deployment === deployment)
        .filter(({ fold }) => open === undefined || open === (fold.status === undefined))
        .map(record),
    events: async (run, from) => runOf(data, run).journal.slice(from),
    debts: async () =>
      [...runs.values()].flatMap(({ given, fold }) =>
        [...fold.debts.values()].filter(isOwed).map((debt) => ({ ...debt, run: given.run })),
      ),
    recoveries: async ({ deployment, run }) =>
      [...data.recoveries.values()]
        .reverse()
        .filter((one) => deployment === undefined || one.deployment === deployment)
        .filter((one) => run === undefined || one.run === run),
    suspended: async (deployment) => Object.fromEntries(suspended.get(deployment) ?? []),
  };
};
