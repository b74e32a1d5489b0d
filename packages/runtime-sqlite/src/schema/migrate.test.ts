import { exitCodeOfError } from "@quiesce/core";
import { openStore } from "../index.ts";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrations } from "./migrations.ts";

const fileIn = ({ path }: { readonly path: string }): string => join(path, "store.db");

/** What a version after this one would bring. */
const next = "CREATE TABLE added (a TEXT) STRICT; INSERT INTO added SELECT value FROM meta WHERE key = 'id'";

const inFile = <T>(file: string, work: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
};

test("a file of an older version is brought forward and keeps its content", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const store = await openStore(fileIn(folder));
  await store.close();
  inFile(fileIn(folder), (db) => {
    migrate(db, fileIn(folder), [...migrations, next]);
    expect(db.prepare("SELECT a FROM added").all()).toMatchObject([{ a: store.id }]);
    expect(db.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: migrations.length + 1 });
  });
});

test("a migration that fails leaves the file as it was", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const store = await openStore(fileIn(folder));
  await store.close();
  inFile(fileIn(folder), (db) => {
    expect(() => migrate(db, fileIn(folder), [...migrations, `${next}; SELECT nonsense`])).toThrow("nonsense");
    expect(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'added'").get()).toBeUndefined();
  });
  const again = await openStore(fileIn(folder));
  expect(again.id).toBe(store.id);
  await again.close();
});

test("a file of a newer version is refused, says what to do, and is not changed", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  await (await openStore(fileIn(folder))).close();
  inFile(fileIn(folder), (db) => migrate(db, fileIn(folder), [...migrations, next]));
  const before = await readFile(fileIn(folder));
  await expect(openStore(fileIn(folder))).rejects.toMatchObject({
    code: "newer-store",
    message: expect.stringContaining(`its schema is ${migrations.length + 1}, this program knows ${migrations.length}`),
    hint: expect.stringContaining("Update"),
  });
  expect(await readFile(fileIn(folder))).toEqual(before);
  expect(exitCodeOfError("newer-store")).toBe(2);
});
