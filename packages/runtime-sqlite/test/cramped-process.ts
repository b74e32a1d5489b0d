/**
 * Uses a store on a small disk of its own, and prints as JSON what it met.
 * Usage: node cramped-process.ts full|open <folder>
 *   full: fills the disk, writes until it is refused, makes room and goes on.
 *   open: opens a store that is there, and a new one.
 */
import { asId, isQuiesceError } from "@quiesce/core";
import { openStore, type Registered } from "@quiesce/runtime-sqlite";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const [mode = "", folder = ""] = process.argv.slice(2);
const file = join(folder, "store.db");

const said = (error: unknown) =>
  isQuiesceError(error) ? { code: error.code, message: error.message } : { bug: String(error) };
const entry = (name: string): Registered => ({
  name: asId(name),
  file: "x".repeat(2_000),
  addedAt: asId("2030-01-01T00:00:00.000Z"),
});

const fillAndGoOn = async () => {
  const store = await openStore(file);
  const ballast = join(folder, "ballast");
  await writeFile(ballast, new Uint8Array(512 * 1024));
  const kept: string[] = [];
  let refusal: unknown;
  for (let nth = 0; nth < 10_000 && refusal === undefined; nth++) {
    try {
      await store.deployments.put(entry(`${nth}`));
      kept.push(`${nth}`);
    } catch (error) {
      refusal = said(error);
    }
  }
  await rm(ballast);
  await store.deployments.put(entry("after"));
  await store.close();
  const again = await openStore(file);
  const names = (await again.deployments.list()).map(({ name }) => name);
  return { refusal, kept: [...kept, "after"].toSorted(), names: names.toSorted() };
};

const openBoth = async () => {
  const attempt = (path: string) => openStore(path).then(() => "opened", said);
  return { existing: await attempt(file), missing: await attempt(join(folder, "other", "new.db")) };
};

console.log(JSON.stringify(mode === "full" ? await fillAndGoOn() : await openBoth()));
