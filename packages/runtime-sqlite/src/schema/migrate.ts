import { QuiesceError } from "@quiesce/core";
import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { integer } from "../table/row.ts";
import { migrations } from "./migrations.ts";

/** Marks the file as ours, beside SQLite's own signature: the letters `Quie`. */
const applicationId = 0x51756965;

/**
 * The version of the file's schema: 0 for an empty file. Throws QuiesceError `refused` for another program's database
 * and `newer-store` for one that this program cannot read. Changes nothing.
 */
export const schemaVersion = (db: DatabaseSync, path: string, steps: readonly string[] = migrations): number => {
  const version = pragma(db, "user_version");
  const isEmpty = db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
  if (isEmpty && version === 0) return 0;
  if (pragma(db, "application_id") !== applicationId)
    throw new QuiesceError("refused", `${path} is a database of another program; nothing was changed in it.`, {
      hint: "Name another file for the store.",
    });
  if (version > steps.length)
    throw new QuiesceError(
      "newer-store",
      `The store ${path} was written by a newer version: its schema is ${version}, this program knows ${steps.length}.`,
      { hint: "Update this program, or name another file for the store." },
    );
  return version;
};

/** Brings the file to the newest schema in one transaction. `steps` is for tests; default: all migrations. */
export const migrate = (db: DatabaseSync, path: string, steps: readonly string[] = migrations): void => {
  if (schemaVersion(db, path, steps) === steps.length) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    // Looked at again: another process may have been faster.
    for (const sql of steps.slice(schemaVersion(db, path, steps))) db.exec(sql);
    db.prepare("INSERT INTO meta (key, value) VALUES ('id', ?) ON CONFLICT DO NOTHING").run(randomUUID());
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
};

const pragma = (db: DatabaseSync, name: string): number => integer(db.prepare(`PRAGMA ${name}`).get() ?? {}, name);
