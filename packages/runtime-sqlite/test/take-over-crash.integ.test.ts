import { asId, type Claim, type Recorded, type Store } from "@quiesce/core";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../src/index.ts";
import { crashPlan, crashRun } from "./crash-plan.ts";
import { expectWhole } from "./expect-whole.ts";
import { startProcess, type KillableProcess } from "./killable-process.ts";

type Told =
  | { readonly taken: Claim; readonly worker: string }
  | { readonly committed: string }
  | { readonly letGo: string };

const toldBy = (rescuers: readonly KillableProcess[]): readonly Told[] =>
  rescuers.flatMap(({ lines }) => lines.map((line) => JSON.parse(line) as Told));

const beginIn = async (file: string): Promise<void> => {
  const store = await openStore(file);
  const at = asId<Recorded["at"]>("2030-01-01T00:00:00.000Z");
  const plan = crashPlan();
  const deployment = { id: plan.deployment, providers: {}, instances: {} };
  await store.begin({ run: crashRun, plan, deployment, at, worker: "first", ttlMs: 600_000 });
  await store.close();
};

/** Whatever was told is there, and a take-over or a letting go that was not told is there wholly or not at all. */
const expectOneHolder = async (store: Store, told: readonly Told[]): Promise<void> => {
  const takers = (await store.events(crashRun, 0)).flatMap((one) =>
    one.type === "run.recovering" ? [one.worker] : [],
  );
  const taken = told.flatMap((one) => ("taken" in one ? [one] : []));
  expect(taken.filter(({ worker }) => !takers.includes(worker))).toEqual([]);
  expect(new Set(takers).size).toBe(takers.length);
  const record = (await store.load(crashRun))?.record;
  expect(record?.worker).toBe(takers.at(-1) ?? "first");
  await expectLocksOf(store, record?.heldUntil !== undefined);
  const at = asId<Recorded["at"]>(new Date().toISOString());
  const last = told.some((one) => "letGo" in one && one.letGo === record?.worker) ? undefined : record?.worker;
  for (const { taken: claim, worker } of taken) {
    const written = await store.commit(claim, [{ at, run: crashRun, type: "run.cancel", mode: "soft" }]).then(
      () => true,
      () => false,
    );
    // Who let go without having told it is not held any more, and may not write either.
    expect(written).toBe(worker === last && record?.heldUntil !== undefined);
  }
};

/** A run that is held has its locks: another on the same object is kept waiting, and by it. */
const expectLocksOf = async (store: Store, isHeld: boolean): Promise<void> => {
  const claimed = await store.claim(crashRun, asId("chain"), "probe").then(
    () => true,
    () => false,
  );
  expect(claimed).toBe(isHeld);
};

test("a process that is killed while it takes runs over leaves one holder, or none, and nothing between", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-take-over-"));
  const file = join(folder.path, "store.db");
  await beginIn(file);
  const rescuers: KillableProcess[] = [];
  for (let round = 0; round < 5; round++) {
    const rescuer = startProcess("rescuer-process.ts", [file, `round ${round}`, "100000"]);
    rescuers.push(rescuer);
    await rescuer.killAfter(3 + round * 17);
    expect(rescuer.lines.length).toBeGreaterThan(0);
    const store = await openStore(file);
    const told = toldBy(rescuers);
    await expectWhole(
      store,
      told.flatMap((one) => ("committed" in one ? [one.committed] : [])),
    );
    await expectOneHolder(store, told);
    await store.close();
  }
});

test("processes that take a run over from each other all the time never both write to it", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-take-over-"));
  const file = join(folder.path, "store.db");
  await beginIn(file);
  const rescuers = ["a", "b"].map((name) => startProcess("rescuer-process.ts", [file, name, "60"]));
  const codes = await Promise.all(rescuers.map(async (rescuer) => (await rescuer.ended, rescuer.exitCode())));
  expect(codes).toEqual([0, 0]);
  const store = await openStore(file);
  const told = toldBy(rescuers);
  await expectOneHolder(store, told);
  const events = await store.events(crashRun, 0);
  const committed = new Set(told.flatMap((one) => ("committed" in one ? [one.committed] : [])));
  expect(committed.size).toBeGreaterThan(0);
  // `a/7` was written by the worker `a 7`, and only while the run was its.
  let holder = "first";
  const foreign = events.filter((event) => {
    if (event.type === "run.recovering") holder = event.worker;
    return event.type === "step.intended" && event.step.replace("/", " ") !== holder;
  });
  expect(foreign).toEqual([]);
  expect(new Set(events.flatMap((one) => (one.type === "step.intended" ? [one.step] : [])))).toEqual(committed);
  await store.close();
});
