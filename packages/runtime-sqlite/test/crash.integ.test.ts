import { isOwed, reduce, type Recorded, type Store } from "@quiesce/core";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../src/index.ts";
import { crashRun } from "./crash-plan.ts";

const script = fileURLToPath(new URL("./writer-process.ts", import.meta.url));
let folder = "";
const file = (): string => join(folder, "store.db");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-crash-"));
});
afterEach(() => rm(folder, { recursive: true }));

interface Writer {
  readonly process: ChildProcess;
  /** Steps whose commit resolved in the process. */
  readonly committed: string[];
  readonly ended: Promise<unknown>;
}

const startWriter = (name: string, most: number): Writer => {
  const child = spawn(process.execPath, ["--conditions=@quiesce/source", script, file(), name, String(most)], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 60_000,
  });
  const committed: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => committed.push(line.replace("committed ", "")));
  return { process: child, committed, ended: once(child, "close") };
};

/** Waits until the writer told this many commits, then kills it at once. */
const killAfter = async ({ process: child, committed, ended }: Writer, count: number): Promise<void> => {
  while (committed.length < count && child.exitCode === null) await new Promise((go) => setTimeout(go, 1));
  child.kill("SIGKILL");
  await ended;
};

/** Everything that was told is there, every commit is whole, and the rows mean what the events mean. */
const expectWhole = async (store: Store, committed: readonly string[]): Promise<void> => {
  const events = await store.events(crashRun, 0);
  const stepsWith = (type: Recorded["type"]) =>
    events.flatMap((one) => (one.type === type && "step" in one ? [one.step] : []));
  const kept = new Set<string>(stepsWith("step.intended"));
  expect(committed.filter((step) => !kept.has(step))).toEqual([]);
  expect(stepsWith("step.ticketed")).toEqual([...kept]);
  const meant = reduce(events);
  expect(await store.state(crashRun)).toEqual(meant);
  const owed = [...meant.debts].flatMap(([key, debt]) => (isOwed(debt) ? [key] : []));
  expect((await store.debts()).map(({ spec }) => spec.key)).toEqual(owed);
  expect((await store.load(crashRun))?.record.openDebts).toBe(owed.length);
};

test("a process that is killed again and again loses nothing that it was told to be kept", async () => {
  const committed: string[] = [];
  for (let round = 0; round < 8; round++) {
    const writer = startWriter(`round ${round}`, 100_000);
    await killAfter(writer, 20 + round * 40);
    expect(writer.committed.length).toBeGreaterThan(0);
    committed.push(...writer.committed);
    const store = await openStore(file());
    await expectWhole(store, committed);
    await store.close();
  }
});

test("several processes that make the file together and write to one run lose nothing and tear nothing", async () => {
  const writers = ["a", "b", "c"].map((name) => startWriter(name, 160));
  const codes = await Promise.all(writers.map(async (writer) => (await writer.ended, writer.process.exitCode)));
  expect(codes).toEqual([0, 0, 0]);
  const store = await openStore(file());
  const committed = writers.flatMap((writer) => writer.committed);
  expect(committed).toHaveLength(3 * 160);
  await expectWhole(store, committed);
  await store.close();
});
