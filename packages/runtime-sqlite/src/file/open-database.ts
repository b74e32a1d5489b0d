import { QuiesceError } from "@quiesce/core";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { migrate, schemaVersion } from "../schema/migrate.ts";
import { text } from "../table/row.ts";
import { isBusy } from "./store-error.ts";

/**
 * How long one statement may block the event loop while another process writes. Short, because a watchdog's timer
 * must fire meanwhile; the callers try again in between (see `busyPatienceMs`).
 */
const busyTimeoutMs = 50;

/** How long a write waits for another process in all. */
export const busyPatienceMs = 10_000;

/** Opens the file with the settings on which the guarantees rest, and brings its schema up to date. */
export const openDatabase = async (path: string): Promise<DatabaseSync> => {
  const giveUpAt = performance.now() + busyPatienceMs;
  for (;;) {
    const db = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    try {
      // Before anything is written: another program's file stays as it is.
      schemaVersion(db, path);
      // A new file changes to WAL under an exclusive lock: two processes that make it at once meet here.
      setDurable(db, path);
      migrate(db, path);
      return db;
    } catch (error) {
      db.close();
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
      await sleep(20);
    }
  }
};

/** A commit is on the disk when it returns: a write-ahead log that is synced at each commit. */
const setDurable = (db: DatabaseSync, path: string): void => {
  const mode = text(db.prepare("PRAGMA journal_mode = WAL").get() ?? {}, "journal_mode");
  if (mode !== "wal")
    throw new QuiesceError("refused", `The file system of the store ${path} has no shared memory for SQLite's log.`, {
      hint: "Name a file on a local disk for the store.",
    });
  db.exec("PRAGMA synchronous = FULL");
};
