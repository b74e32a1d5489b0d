import { asId, exitCodeOfError, isOwed, isQuiesceError, reduce, type Recorded } from "@quiesce/core";
import { mkdir, mkdtempDisposable, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openStore } from "../src/index.ts";
import { crashPlan, crashRun, debtOf } from "./crash-plan.ts";

const common = { at: asId<Recorded["at"]>("2030-01-01T00:00:00.000Z"), run: crashRun };
const run = { ...common, plan: crashPlan(), worker: "first", ttlMs: 600_000 };
const deployment = { id: crashPlan().deployment, providers: {}, instances: {} };

/** A journal of many commits with a take-over in the middle, as its process left it when it died. */
interface Left {
  readonly db: Buffer;
  readonly wal: Buffer;
  readonly closed: Buffer;
  readonly events: readonly Recorded[];
  /** Lengths that the journal had between two transactions. */
  readonly whole: ReadonlySet<number>;
}
let left: Left;

beforeAll(async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-torn-"));
  const file = join(folder.path, "store.db");
  await (await openStore(file)).close();
  const store = await openStore(file);
  const begun = await store.begin({ ...run, deployment });
  if (!begun.begun) throw new Error("Nobody else is there.");
  const whole = new Set([0, 1]);
  let { claim } = begun;
  for (let nth = 0; nth < 24; nth++) {
    if (nth === 12) {
      const taken = await store.takeOver({ ...common, worker: "rescuer", ttlMs: 1, policy: "continue", gone: "first" });
      if (!taken.taken) throw new Error("The first worker is gone.");
      claim = taken.claim;
      whole.add((await store.events(crashRun, 0)).length);
    }
    const step = asId<Extract<Recorded, { type: "step.ticketed" }>["step"]>(`step ${nth}`);
    await store.commit(claim, [
      { ...common, type: "step.intended", step, attempt: 1, epoch: 0, debt: debtOf(step) },
      { ...common, type: "step.ticketed", step, ticket: "x".repeat(nth * 100) },
      { ...common, type: "debt.void", debt: debtOf(`step ${nth - 3}`).key },
    ]);
    whole.add((await store.events(crashRun, 0)).length);
  }
  const events = await store.events(crashRun, 0);
  const [db, wal] = [await readFile(file), await readFile(`${file}-wal`)];
  await store.close();
  left = { db, wal, closed: await readFile(file), events, whole };
});

/** Opens a store whose files hold these bytes; gives what it says, or the error that it is refused with. */
const openedWith = async (folder: string, db: Uint8Array, wal?: Uint8Array) => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const file = join(folder, "store.db");
  await writeFile(file, db);
  if (wal !== undefined) await writeFile(`${file}-wal`, wal);
  try {
    const store = await openStore(file);
    try {
      const record = (await store.load(crashRun))?.record;
      const events = record === undefined ? [] : await store.events(crashRun, 0);
      const state = record === undefined ? reduce([]) : await store.state(crashRun);
      return { record, events, state, debts: await store.debts(), id: store.id };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { error };
  }
};

type Opened = Exclude<Awaited<ReturnType<typeof openedWith>>, { error: unknown }>;

/** The journal up to the end of some transaction, and rows that mean exactly that. */
const expectWhole = ({ record, events, state, debts }: Opened): void => {
  expect(left.whole.has(events.length)).toBe(true);
  expect(events).toEqual(left.events.slice(0, events.length));
  const meant = reduce(events);
  expect(state).toEqual(meant);
  expect(debts.map(({ spec }) => spec.key)).toEqual(
    [...meant.debts].flatMap(([key, one]) => (isOwed(one) ? [key] : [])),
  );
  const taken = events.findLast(({ type }) => type === "run.recovering");
  expect(record?.worker).toBe(record === undefined ? undefined : taken === undefined ? "first" : "rescuer");
};

/** Bytes all over the log, and the ends of some of its frames with the bytes beside them (a frame: 24 bytes and a page). */
const cutsOf = (bytes: number): readonly number[] => {
  const between = Array.from({ length: 50 }, (_, nth) => Math.floor((nth * bytes) / 50) + nth);
  const ends = between.map((cut) => 32 + Math.floor(cut / 4_120) * 4_120).filter((_, nth) => nth % 4 === 0);
  const cuts = [0, 31, ...between, ...ends.flatMap((end) => [end - 1, end, end + 24]), bytes];
  return [...new Set(cuts)].filter((cut) => cut <= bytes).toSorted((a, b) => a - b);
};

test("a log that ends at any byte keeps every transaction before that byte, and never half of one", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-torn-"));
  let kept = 0;
  for (const cut of cutsOf(left.wal.length)) {
    const opened = await openedWith(join(folder.path, "state"), left.db, left.wal.subarray(0, cut));
    if ("error" in opened) throw opened.error;
    expectWhole(opened);
    expect(opened.events.length).toBeGreaterThanOrEqual(kept);
    kept = opened.events.length;
  }
  expect(kept).toBe(left.events.length);
});

test("a log with a byte that changed keeps only transactions from before it", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-torn-"));
  const lengths = new Set<number>();
  for (let nth = 0; nth < 40; nth++) {
    const wal = Buffer.from(left.wal);
    const changed = Math.floor((nth * wal.length) / 40) + nth;
    wal[changed] = (wal[changed] ?? 0) ^ 0x55;
    const opened = await openedWith(join(folder.path, "state"), left.db, wal);
    if ("error" in opened) throw opened.error;
    expectWhole(opened);
    lengths.add(opened.events.length);
  }
  expect(lengths.size).toBeGreaterThan(10);
});

test("a file that was cut at any byte is said to be damaged, before anything is read from it", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-torn-"));
  const { length } = left.closed;
  const cuts = Array.from({ length: 60 }, (_, nth) => Math.floor((nth * length) / 60) + 1 + nth);
  for (const cut of [1, 99, 100, 4_095, 4_096, ...cuts, length - 4_096, length - 1].filter((one) => one < length)) {
    const opened = await openedWith(join(folder.path, "state"), left.closed.subarray(0, cut));
    const error = "error" in opened ? opened.error : undefined;
    if (!isQuiesceError(error)) throw new Error(`Cut at ${cut}: ${String(error)}`);
    expect(error).toMatchObject({ code: "damaged", hint: expect.stringContaining("copy") });
    expect(error.message).toMatch(/store\.db is (damaged|not a database)/);
    expect(exitCodeOfError(error.code)).toBe(6);
  }
  const whole = await openedWith(join(folder.path, "state"), left.closed);
  if ("error" in whole) throw whole.error;
  expect(whole.events).toEqual(left.events);
});

test("a file that lost everything while its log is there is not taken for a new one", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-torn-"));
  const opened = await openedWith(join(folder.path, "state"), Buffer.alloc(0), left.wal);
  expect(opened).toMatchObject({ error: { code: "damaged" } });
  expect(await readFile(join(folder.path, "state", "store.db-wal"))).toEqual(left.wal);
});
