import type { DatabaseSync } from "node:sqlite";
import { text } from "./row.ts";

export interface MetaTable {
  /** The store's id. */
  id(): string;
  setId(id: string): void;
}

export const metaTable = (db: DatabaseSync): MetaTable => {
  const id = db.prepare("SELECT value FROM meta WHERE key = 'id'");
  const setId = db.prepare("UPDATE meta SET value = ? WHERE key = 'id'");
  return { id: () => text(id.get() ?? {}, "value"), setId: (value) => void setId.run(value) };
};
