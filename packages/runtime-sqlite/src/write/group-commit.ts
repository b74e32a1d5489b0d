import type { DatabaseSync } from "node:sqlite";
import { isBusy } from "../file/store-error.ts";

/** Writes many small changes in few synced transactions. */
export interface GroupCommit {
  /**
   * Runs the job in a transaction that it shares with all jobs of the same turn of the event loop, and resolves after
   * the transaction is synced. A job that throws undoes what it did itself and rejects alone.
   */
  write<T>(job: () => T): Promise<T>;
  /** Resolves when all that was asked for is written. */
  idle(): Promise<void>;
}

interface Job {
  readonly run: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommitHooks {
  readonly began: () => void;
  /** One job was undone: what it, or an earlier job of this transaction, left in memory may be ahead of the file. */
  readonly undone: () => void;
  /** The transaction ended; `kept` false: nothing of it is in the file. */
  readonly ended: (kept: boolean) => void;
  /** Puts what a job or the file threw in words for the caller. */
  readonly explain: (error: unknown) => unknown;
}

/** `patienceMs`: how long a transaction waits for another process that writes, without blocking the event loop. */
export const groupCommit = (db: DatabaseSync, patienceMs: number, hooks: GroupCommitHooks): GroupCommit => {
  const transaction = statements(db);
  let queue: Job[] = [];
  let busySince: number | undefined;
  let lastDone: Promise<unknown> = Promise.resolve();

  const flush = (): void => {
    try {
      transaction.begin();
      busySince = undefined;
      hooks.began();
    } catch (error) {
      busySince ??= performance.now();
      if (isBusy(error) && performance.now() - busySince < patienceMs) setTimeout(flush, 10);
      else {
        busySince = undefined;
        for (const job of take()) job.reject(error);
      }
      return;
    }
    const jobs = take();
    try {
      const settle = jobs.map((job) => attempt(transaction, job, hooks.undone));
      transaction.commit();
      hooks.ended(true);
      for (const tell of settle) tell();
    } catch (error) {
      if (db.isTransaction) transaction.rollback();
      hooks.ended(false);
      for (const job of jobs) job.reject(error);
    }
  };
  const take = (): readonly Job[] => {
    const jobs = queue;
    queue = [];
    return jobs;
  };

  return {
    write: <T>(job: () => T) => {
      const done = new Promise<T>((resolve, reject) => {
        let result: T;
        queue.push({
          run: () => (result = job()),
          resolve: () => resolve(result),
          reject: (error) => reject(hooks.explain(error)),
        });
        if (queue.length === 1 && busySince === undefined) setImmediate(flush);
      });
      lastDone = done.catch(() => undefined);
      return done;
    },
    idle: async () => {
      await lastDone;
    },
  };
};

interface Transaction {
  begin(): void;
  commit(): void;
  rollback(): void;
  savepoint(): void;
  release(): void;
  undo(): void;
}

const statements = (db: DatabaseSync): Transaction => {
  const prepare = (sql: string) => {
    const statement = db.prepare(sql);
    return () => void statement.run();
  };
  return {
    begin: prepare("BEGIN IMMEDIATE"),
    commit: prepare("COMMIT"),
    rollback: prepare("ROLLBACK"),
    savepoint: prepare("SAVEPOINT job"),
    release: prepare("RELEASE job"),
    undo: prepare("ROLLBACK TO job"),
  };
};

/** Runs one job; gives what to tell its caller after the commit. Throws only when the whole transaction is lost. */
const attempt = (transaction: Transaction, job: Job, undone: () => void): (() => void) => {
  transaction.savepoint();
  try {
    job.run();
    transaction.release();
    return job.resolve;
  } catch (error) {
    // Where SQLite ended the transaction by itself (full disk), this throws too and all jobs fail together.
    try {
      transaction.undo();
      transaction.release();
    } catch {
      throw error;
    }
    undone();
    return () => job.reject(error);
  }
};
