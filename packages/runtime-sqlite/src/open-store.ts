import type { Clock, Store } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { busyPatienceMs, openDatabase } from "./file/open-database.ts";
import { closeToOthers, prepareFile } from "./file/prepare-file.ts";
import { refuseTorn } from "./file/refuse-torn.ts";
import { storeError } from "./file/store-error.ts";
import type { Registry } from "./registry.ts";
import { storeReads } from "./store-reads.ts";
import { openTables, type Tables } from "./table/tables.ts";
import { groupCommit, type GroupCommit } from "./write/group-commit.ts";
import { runCache } from "./write/run-cache.ts";
import { setWrites } from "./write/set-writes.ts";
import { storeWrites } from "./write/store-writes.ts";

export interface StoreOptions {
  /** Decides which locks have expired. Default: the system's clock. */
  readonly clock?: Pick<Clock, "now">;
  /** How long a write waits for another process that writes, in milliseconds. Default 10,000. */
  readonly busyPatienceMs?: number;
}

/**
 * Opens the store in the file `path`, and makes file and folder when there are none. Any number of processes may have
 * the same file open. Throws QuiesceError: `refused` (not writable, on a network file system, another program's
 * database), `damaged`, `newer-store`, `locked` (another process does not stop writing).
 */
export const openStore = async (path: string, options: StoreOptions = {}): Promise<Store & Registry> => {
  await prepareFile(path);
  await refuseTorn(path);
  const db = await explained(path, () => openDatabase(path));
  try {
    await closeToOthers(path);
    return await explained(path, () => storeOn(db, path, options));
  } catch (error) {
    db.close();
    throw error;
  }
};

const storeOn = (db: DatabaseSync, path: string, options: StoreOptions): Store & Registry => {
  const { clock } = options;
  const tables = openTables(db);
  let id = tables.meta.id();
  const cache = runCache(tables);
  const group = groupCommit(db, options.busyPatienceMs ?? busyPatienceMs, {
    began: cache.began,
    undone: cache.undone,
    ended: cache.ended,
    explain: (error) => storeError(path, error),
  });
  const now = clock === undefined ? Date.now : () => Date.parse(clock.now());
  const { write } = group;
  const read = <T>(look: () => T): Promise<T> => explained(path, look);
  const cutLocks = async (): Promise<void> => {
    if (await read(() => tables.locks.hasOverlong(now()))) await write(() => tables.locks.cut(now()));
  };
  return {
    get id() {
      // Another process may have adopted a lost store's sets, and its id with them.
      if (db.isOpen) id = tables.meta.id();
      return id;
    },
    ...storeWrites(tables, cache, write, now),
    ...setWrites(tables, write),
    ...storeReads(tables, cache, read, cutLocks),
    deployments: registry(tables, write, read),
    close: async () => {
      await group.idle();
      if (db.isOpen) db.close();
    },
  };
};

const registry = (
  { registered }: Tables,
  write: GroupCommit["write"],
  read: <T>(look: () => T) => Promise<T>,
): Registry["deployments"] => ({
  put: (entry) => write(() => registered.put(entry)),
  get: (name) => read(() => registered.get(name)),
  list: () => read(() => registered.list()),
  remove: (name) => write(() => registered.remove(name)),
});

const explained = async <T>(path: string, work: () => T | Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw storeError(path, error);
  }
};
