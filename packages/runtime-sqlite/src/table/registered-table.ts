import { asId, type DeploymentId } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import type { Registered } from "../registry.ts";
import { text, type Row } from "./row.ts";

export interface RegisteredTable {
  put(registered: Registered): void;
  get(name: DeploymentId): Registered | undefined;
  /** By name. */
  list(): readonly Registered[];
  /** False when there was none. */
  remove(name: DeploymentId): boolean;
}

export const registeredTable = (db: DatabaseSync): RegisteredTable => {
  const put = db.prepare(`INSERT INTO registered (name, file, added_at) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET file = excluded.file, added_at = excluded.added_at`);
  const get = db.prepare("SELECT name, file, added_at FROM registered WHERE name = ?");
  const list = db.prepare("SELECT name, file, added_at FROM registered ORDER BY name");
  const remove = db.prepare("DELETE FROM registered WHERE name = ?");
  return {
    put: ({ name, file, addedAt }) => void put.run(name, file, addedAt),
    get: (name) => {
      const row = get.get(name);
      return row && registeredOf(row);
    },
    list: () => list.all().map(registeredOf),
    remove: (name) => remove.run(name).changes === 1,
  };
};

const registeredOf = (row: Row): Registered => ({
  name: asId(text(row, "name")),
  file: text(row, "file"),
  addedAt: asId(text(row, "added_at")),
});
