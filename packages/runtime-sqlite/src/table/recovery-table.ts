import type { DeploymentId, InstanceId, RecoveryRecord, RunId } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { json } from "./row.ts";

export interface RecoveryTable {
  /** Takes the place of an earlier one of the same run and instance. */
  put(point: RecoveryRecord): void;
  drop(run: RunId, instance: InstanceId): void;
  /** Newest first. */
  list(filter: { readonly deployment?: DeploymentId; readonly run?: RunId }): readonly RecoveryRecord[];
}

export const recoveryTable = (db: DatabaseSync): RecoveryTable => {
  // A replaced one gets a new row, and with it the newest place.
  const put = db.prepare("INSERT OR REPLACE INTO recovery (run, instance, deployment, json) VALUES (?, ?, ?, ?)");
  const drop = db.prepare("DELETE FROM recovery WHERE run = ? AND instance = ?");
  const list = db.prepare(`SELECT json FROM recovery
    WHERE (?1 IS NULL OR deployment = ?1) AND (?2 IS NULL OR run = ?2) ORDER BY rowid DESC`);
  return {
    put: (point) => void put.run(point.run, point.instance, point.deployment, JSON.stringify(point)),
    drop: (run, instance) => void drop.run(run, instance),
    list: ({ deployment, run }) =>
      list.all(deployment ?? null, run ?? null).map((row) => json<RecoveryRecord>(row, "json")),
  };
};
