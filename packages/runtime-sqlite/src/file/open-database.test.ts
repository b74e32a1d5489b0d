import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "./open-database.ts";

test("commits are synced, rows refer to rows, and waiting for another process is short", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const db = await openDatabase(join(folder.path, "store.db"));
  const full = 2;
  expect(db.prepare("PRAGMA synchronous").get()).toMatchObject({ synchronous: full });
  expect(db.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
  expect(db.prepare("PRAGMA foreign_keys").get()).toMatchObject({ foreign_keys: 1 });
  expect(db.prepare("PRAGMA busy_timeout").get()).toMatchObject({ timeout: 50 });
  db.close();
});
