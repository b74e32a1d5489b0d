/**
 * Uses a store on a small disk of its own, and prints as JSON what it met.
 * Usage: node cramped-process.ts full|take-over|open <folder>
 *   full: fills the disk, writes until it is refused, makes room and goes on.
 *   take-over: takes a run over on a full disk, and again when there is room.
 *   open: opens a store that is there, and a new one.
 */
import { asId, isQuiesceError, type Recorded, type Store } from "@quiesce/core";
import { openStore, type Registered, type Registry } from "@quiesce/runtime-sqlite";
import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crashPlan, crashRun, debtOf } from "./crash-plan.ts";

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

const common = { at: asId<Recorded["at"]>("2030-01-01T00:00:00.000Z"), run: crashRun };

/** Until not even the smallest write finds room: what a transaction needs more than that fails in its middle. */
const fillUp = async (store: Registry, ballast: string): Promise<void> => {
  for (const bytes of [512 * 1024, 4_096]) {
    try {
      for (let nth = 0; nth < 1_000; nth++) await appendFile(ballast, new Uint8Array(bytes));
    } catch {
      // Full.
    }
  }
  for (let nth = 0; nth < 1_000; nth++)
    if ((await store.deployments.put(entry("filler")).then(() => "kept", said)) !== "kept") return;
};

const takeOverAndAgain = async () => {
  const store = await openStore(file);
  const plan = crashPlan();
  const deployment = { id: plan.deployment, providers: {}, instances: {} };
  const begun = await store.begin({ ...common, plan, deployment, worker: "first", ttlMs: 600_000 });
  if (!begun.begun) throw new Error("Nobody else is there.");
  const step = asId<Extract<Recorded, { type: "step.ticketed" }>["step"]>("step");
  await store.commit(begun.claim, [
    { ...common, type: "step.intended", step, attempt: 1, epoch: 0, debt: debtOf(step) },
  ]);
  const ballast = join(folder, "ballast");
  await fillUp(store, ballast);
  const asked = { ...common, worker: "rescuer", ttlMs: 600_000, policy: "continue", gone: "first" } as const;
  const refusal = await store.takeOver(asked).then(() => "granted", said);
  const seen = async (reader: Store) => ({
    record: (await reader.load(crashRun))?.record,
    events: (await reader.events(crashRun, 1)).map(({ type }) => type),
    debts: (await reader.debts()).length,
  });
  const between = await seen(store);
  await rm(ballast);
  await store.commit(begun.claim, [{ ...common, type: "step.ticketed", step, ticket: 1 }]);
  const granted = await store.takeOver(asked);
  const fenced = await store.commit(begun.claim, [{ ...common, type: "step.ticketed", step, ticket: 2 }]).catch(said);
  await store.close();
  const again = await openStore(file);
  return { refusal, between, granted, fenced, after: await seen(again) };
};

const openBoth = async () => {
  const attempt = (path: string) => openStore(path).then(() => "opened", said);
  return { existing: await attempt(file), missing: await attempt(join(folder, "other", "new.db")) };
};

const told = mode === "full" ? fillAndGoOn : mode === "take-over" ? takeOverAndAgain : openBoth;
console.log(JSON.stringify(await told()));
