import type { Recorded } from "../event/event.ts";
import type { DeploymentId, InstanceId, RunId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { RecoveryRecord } from "../model/recovery.ts";
import { nameTaken, unknownRun } from "../ports/store-error.ts";
import type { Claim } from "../ports/store.ts";
import { lockKeysOf } from "../run/lock-keys.ts";
import type { Change } from "../run/change.ts";
import { memoryCatalogue, type MemoryCatalogue } from "./memory-catalogue.ts";
import { memoryLocks, type MemoryLocks } from "./memory-locks.ts";
import { append, type MemoryRun } from "./memory-run.ts";

/** All that a memory store holds, and the changes that keep it consistent. */
export interface MemoryData {
  id: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly runs: Map<RunId, MemoryRun>;
  readonly locks: MemoryLocks;
  readonly catalogue: MemoryCatalogue;
  readonly suspended: Map<DeploymentId, Map<InstanceId, JsonObject>>;
  /** By run and instance. */
  readonly recoveries: Map<string, RecoveryRecord>;
}

export const memoryData = (id: string, now: () => number): MemoryData => ({
  id,
  now,
  runs: new Map(),
  locks: memoryLocks(now),
  catalogue: memoryCatalogue(),
  suspended: new Map(),
  recoveries: new Map(),
});

export const runOf = ({ runs }: MemoryData, id: RunId): MemoryRun => {
  const run = runs.get(id);
  if (run === undefined) throw unknownRun(id);
  return run;
};

/** Raises the fencing token: every older claim on the same chain fails from now on. */
export const raiseToken = (run: MemoryRun, chain: Claim["chain"]): Claim => {
  const token = (run.tokens.get(chain) ?? 0) + 1;
  run.tokens.set(chain, token);
  return { run: run.given.run, chain, token };
};

/** Every claim on the run and its chains fails from now on. */
export const fence = (run: MemoryRun): void => {
  for (const chain of run.tokens.keys()) raiseToken(run, chain);
};

export const takeLocks = (data: MemoryData, { given: { run, plan } }: MemoryRun, ttlMs: number): void => {
  for (const loser of data.locks.take(run, lockKeysOf(plan), ttlMs)) fence(runOf(data, loser));
};

/** Appends the events with all that follows from them, or throws and changes nothing. */
export const write = (data: MemoryData, run: MemoryRun, events: readonly Recorded[]): void => {
  const changes = append(run, events, (all) => {
    for (const change of all)
      if (change.what === "add-backup" && data.catalogue.isTaken(change.manifest)) throw nameTaken(change.manifest);
  });
  for (const change of changes) make(data, run.given.plan.deployment, change);
  if (events.some(({ type }) => type === "run.settled")) data.locks.release(run.given.run);
};

const make = (data: MemoryData, deployment: DeploymentId, change: Change): void => {
  const { suspended, catalogue, recoveries } = data;
  const saved = suspended.get(deployment) ?? new Map<InstanceId, JsonObject>();
  suspended.set(deployment, saved);
  if (change.what === "put-suspended") saved.set(change.instance, change.saved);
  else if (change.what === "drop-suspended") saved.delete(change.instance);
  else if (change.what === "drop-recovery") recoveries.delete(recoveryKey(change));
  else if (change.what === "put-recovery") {
    // Deleted first: a replaced one is the newest.
    recoveries.delete(recoveryKey(change.point));
    recoveries.set(recoveryKey(change.point), change.point);
  } else catalogue.change(change);
};

/** As JSON: no two pairs of names give the same key. */
const recoveryKey = ({ run, instance }: Pick<RecoveryRecord, "run" | "instance">): string =>
  JSON.stringify([run, instance]);
