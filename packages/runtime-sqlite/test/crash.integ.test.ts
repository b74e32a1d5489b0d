import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../src/index.ts";
import { expectWhole } from "./expect-whole.ts";
import { startProcess, type KillableProcess } from "./killable-process.ts";

let folder = "";
const file = (): string => join(folder, "store.db");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-crash-"));
});
afterEach(() => rm(folder, { recursive: true }));

const startWriter = (name: string, most: number): KillableProcess =>
  startProcess("writer-process.ts", [file(), name, String(most)]);

/** Steps whose commit resolved in the process. */
const committedBy = ({ lines }: KillableProcess): readonly string[] =>
  lines.map((line) => line.replace("committed ", ""));

test("a process that is killed again and again loses nothing that it was told to be kept", async () => {
  const committed: string[] = [];
  for (let round = 0; round < 8; round++) {
    const writer = startWriter(`round ${round}`, 100_000);
    await writer.killAfter(20 + round * 40);
    expect(writer.lines.length).toBeGreaterThan(0);
    committed.push(...committedBy(writer));
    const store = await openStore(file());
    await expectWhole(store, committed);
    await store.close();
  }
});

test("several processes that make the file together and write to one run lose nothing and tear nothing", async () => {
  const writers = ["a", "b", "c"].map((name) => startWriter(name, 160));
  const codes = await Promise.all(writers.map(async (writer) => (await writer.ended, writer.exitCode())));
  expect(codes).toEqual([0, 0, 0]);
  const store = await openStore(file());
  const committed = writers.flatMap(committedBy);
  expect(committed).toHaveLength(3 * 160);
  await expectWhole(store, committed);
  await store.close();
});
