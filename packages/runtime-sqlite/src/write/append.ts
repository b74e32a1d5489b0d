import { nameTaken, project, type Change, type DeploymentId, type Recorded, type RunId } from "@quiesce/core";
import type { Tables } from "../table/tables.ts";
import type { RunCache } from "./run-cache.ts";

/**
 * Appends events to a run's journal and makes every change that follows from them. `events` are JSON, made when the
 * caller asked: what it changes afterwards is not written.
 */
export const append = (tables: Tables, cache: RunCache, run: RunId, events: readonly string[]): void => {
  for (const text of events) {
    const event = JSON.parse(text) as Recorded;
    tables.events.append(run, cache.of(run).next, text);
    const { index, fold } = cache.append(run, event);
    if (event.type === "step.intended" && event.debt !== undefined) putDebt(event.debt.key);
    if ("debt" in event && typeof event.debt === "string") putDebt(event.debt);
    for (const change of project(index, fold, event)) make(tables, index.plan.deployment, change);
    if (event.type === "run.settled") {
      tables.runs.settle(run, event.status, event.at);
      tables.locks.release(run);
    }

    function putDebt(key: Parameters<typeof fold.debts.get>[0]): void {
      const debt = fold.debts.get(key);
      if (debt !== undefined) tables.debts.put(run, key, debt);
    }
  }
};

const make = ({ backups, suspended, recoveries }: Tables, deployment: DeploymentId, change: Change): void => {
  switch (change.what) {
    case "add-backup":
      if (backups.isTaken(change.manifest)) throw nameTaken(change.manifest);
      return backups.add(change.manifest);
    case "complete-backup":
      return backups.complete(change.id);
    case "drop-empty-backup":
      return backups.dropEmpty(change.id);
    case "put-item":
      return backups.putItem(change.id, change.item);
    case "amend-item":
      return backups.amendItem(change.id, change.item);
    case "drop-item":
      return backups.dropItem(change.id, change.instance);
    case "put-suspended":
      return suspended.put(deployment, change.instance, change.saved);
    case "put-recovery":
      return recoveries.put(change.point);
    case "drop-recovery":
      return recoveries.drop(change.run, change.instance);
    case "drop-suspended":
      return suspended.drop(deployment, change.instance);
  }
};
