import { openStore } from "../index.ts";
import { chmod, mkdir, mkdtempDisposable, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";

const fileIn = ({ path }: { readonly path: string }): string => join(path, "store.db");

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test("file and folder are made for their owner only, whatever the umask", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const old = process.umask(0);
  try {
    const file = join(folder.path, "deep", "state", "store.db");
    const store = await openStore(file);
    await store.deployments.list();
    expect(await modeOf(join(folder.path, "deep"))).toBe("700");
    expect(await modeOf(join(folder.path, "deep", "state"))).toBe("700");
    for (const suffix of ["", "-wal", "-shm"]) expect(await modeOf(file + suffix)).toBe("600");
    await store.close();
  } finally {
    process.umask(old);
  }
});

test("a file that others can read is closed to them; a folder that was there keeps its mode", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  await chmod(folder.path, 0o755);
  await (await openStore(fileIn(folder))).close();
  await chmod(fileIn(folder), 0o644);
  const store = await openStore(fileIn(folder));
  expect(await modeOf(fileIn(folder))).toBe("600");
  expect(await modeOf(folder.path)).toBe("755");
  await store.close();
});

test("the store keeps its id, and a new file gets a new one", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const first = await openStore(fileIn(folder));
  await first.close();
  const again = await openStore(fileIn(folder));
  const other = await openStore(join(folder.path, "other.db"));
  expect(again.id).toBe(first.id);
  expect(other.id).not.toBe(first.id);
  expect(first.id).toMatch(/^[0-9a-f-]{36}$/);
  await Promise.all([again.close(), other.close()]);
});

test("a file of length zero, as a crash may leave it, becomes a store", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  await writeFile(fileIn(folder), "");
  const store = await openStore(fileIn(folder));
  expect(await store.runs({})).toEqual([]);
  await store.close();
});

test("a file that is no database is refused and not changed", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  await writeFile(fileIn(folder), "instances:\n  web: {}\n".repeat(100));
  await expect(openStore(fileIn(folder))).rejects.toMatchObject({
    code: "damaged",
    message: `The store ${fileIn(folder)} is not a database, or its start is damaged.`,
  });
  expect(await readFile(fileIn(folder), "utf8")).toContain("web");
});

test("a file of a few bytes is refused and not changed", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  for (const content of ["x", "name: shop\n", "x".repeat(99), "x".repeat(500)]) {
    await writeFile(fileIn(folder), content);
    await expect(openStore(fileIn(folder))).rejects.toMatchObject({ code: "damaged" });
    expect(await readFile(fileIn(folder), "utf8")).toBe(content);
  }
});

test("another program's database is refused and not changed", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const other = new DatabaseSync(fileIn(folder));
  other.exec("CREATE TABLE theirs (a); PRAGMA user_version = 3");
  other.close();
  await expect(openStore(fileIn(folder))).rejects.toMatchObject({ code: "refused" });
  const after = new DatabaseSync(fileIn(folder));
  expect(after.prepare("SELECT name FROM sqlite_schema").all()).toMatchObject([{ name: "theirs" }]);
  expect(after.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "delete" });
  after.close();
});

test("a damaged page is told as damage, not as a bug", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  await (await openStore(fileIn(folder))).close();
  const bytes = await readFile(fileIn(folder));
  bytes.fill(0xa5, 4096);
  await writeFile(fileIn(folder), bytes);
  const opened = openStore(fileIn(folder)).then((store) => store.runs({}));
  await expect(opened).rejects.toMatchObject({ code: "damaged" });
});

test("a folder, and a path through a file, are refused in plain words", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  await mkdir(fileIn(folder));
  await expect(openStore(fileIn(folder))).rejects.toMatchObject({
    code: "refused",
    message: `The store ${fileIn(folder)} cannot be written: it is a folder.`,
  });
  await writeFile(join(folder.path, "plain"), "");
  await expect(openStore(join(folder.path, "plain", "store.db"))).rejects.toMatchObject({
    code: "refused",
    message: expect.stringContaining("a part of its path is not a folder"),
  });
});

test("a link to nothing is not followed into making a file elsewhere", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  await symlink(join(folder.path, "elsewhere"), fileIn(folder));
  await expect(openStore(fileIn(folder))).rejects.toMatchObject({
    code: "refused",
    message: expect.stringContaining("what it links to"),
  });
  await expect(stat(join(folder.path, "elsewhere"))).rejects.toThrow("ENOENT");
  await rm(fileIn(folder));
});

test.runIf(process.platform === "linux")("a place where no folder can be made is refused, and at once", async () => {
  await expect(openStore("/proc/quiesce/store.db")).rejects.toMatchObject({ code: "refused" });
});

test("many handles may make the file at the same time", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const stores = await Promise.all(Array.from({ length: 10 }, () => openStore(fileIn(folder))));
  expect(new Set(stores.map(({ id }) => id)).size).toBe(1);
  await Promise.all(stores.map((store) => store.close()));
});
