import type { DeploymentId, InstanceId, JsonObject } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { json, text } from "./row.ts";

export interface SuspendedTable {
  put(deployment: DeploymentId, instance: InstanceId, saved: JsonObject): void;
  drop(deployment: DeploymentId, instance: InstanceId): void;
  of(deployment: DeploymentId): Readonly<Record<InstanceId, JsonObject>>;
}

export const suspendedTable = (db: DatabaseSync): SuspendedTable => {
  const put = db.prepare(`INSERT INTO suspended (deployment, instance, json) VALUES (?, ?, ?)
    ON CONFLICT (deployment, instance) DO UPDATE SET json = excluded.json`);
  const drop = db.prepare("DELETE FROM suspended WHERE deployment = ? AND instance = ?");
  const of = db.prepare("SELECT instance, json FROM suspended WHERE deployment = ?");
  return {
    put: (deployment, instance, saved) => void put.run(deployment, instance, JSON.stringify(saved)),
    drop: (deployment, instance) => void drop.run(deployment, instance),
    of: (deployment) =>
      Object.fromEntries(of.all(deployment).map((row) => [text(row, "instance"), json<JsonObject>(row, "json")])),
  };
};
