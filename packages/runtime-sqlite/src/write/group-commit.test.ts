import { asId } from "@quiesce/core";
import { openStore, type Registered } from "../index.ts";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const fileIn = ({ path }: { readonly path: string }): string => join(path, "store.db");

const shop: Registered = { name: asId("shop"), file: "/shop.yaml", addedAt: asId("2030-01-01T00:00:00.000Z") };

/** Holds the file's write lock as a process does that hangs in the middle of a transaction. */
const hangingWriter = (file: string): { readonly goOn: () => void } => {
  const db = new DatabaseSync(file);
  db.exec("BEGIN IMMEDIATE");
  return { goOn: () => db.close() };
};

test("a write waits for another process that writes, and timers fire meanwhile", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const store = await openStore(fileIn(folder));
  const other = hangingWriter(fileIn(folder));
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 20);
  const written = store.deployments.put(shop);
  const beside = store.deployments.put({ ...shop, name: asId("beside") });
  await sleep(500);
  expect(ticks).toBeGreaterThanOrEqual(4);
  expect(await store.deployments.list()).toEqual([]);
  other.goOn();
  await Promise.all([written, beside]);
  clearInterval(ticking);
  expect((await store.deployments.list()).map(({ name }) => name)).toEqual(["beside", "shop"]);
  await store.close();
});

test("a write that waited long enough is refused in plain words, and the next one works", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const store = await openStore(fileIn(folder), { busyPatienceMs: 150 });
  const other = hangingWriter(fileIn(folder));
  const results = await Promise.allSettled([store.deployments.put(shop), store.deployments.remove(shop.name)]);
  expect(results).toMatchObject([
    { status: "rejected", reason: { code: "locked", message: expect.stringContaining("another process is writing") } },
    { status: "rejected", reason: { code: "locked" } },
  ]);
  other.goOn();
  await store.deployments.put(shop);
  expect(await store.deployments.get(shop.name)).toEqual(shop);
  await store.close();
});

test("what was asked for before the store is closed is written", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const store = await openStore(fileIn(folder));
  const other = hangingWriter(fileIn(folder));
  const written = store.deployments.put(shop);
  const closed = store.close();
  await sleep(100);
  other.goOn();
  await Promise.all([written, closed]);
  const again = await openStore(fileIn(folder));
  expect(await again.deployments.list()).toEqual([shop]);
  await again.close();
});
