/**
 * What a run of 1,000 instances with 3 steps each costs, when the steps themselves take no time: 6,000 commits.
 * Usage, after a build: node bench/journal-1000x3.ts [core|direct] [sqlite|memory] [folder]
 *   core: the real engine. direct: only the commits that it makes.
 */
import { asId, createGate, memoryStore, startRun, stepsOf, systemClock } from "@quiesce/core";
import type { Claim, Plan, Recorded, RunId, Store } from "@quiesce/core";
import { openStore } from "@quiesce/runtime-sqlite";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { noOpFleet } from "./no-op/no-op-fleet.ts";
import { noOpPlan } from "./no-op/no-op-plan.ts";

/** As the command line does; see its launcher. */
setFlagsFromString("--semi-space-growth-factor=1");

const budget = { wallMs: 1_000, peakMiB: 120 };
const parallel = 32;
const run = asId<RunId>("bench");
const [engine = "core", kind = "sqlite", place = tmpdir()] = process.argv.slice(2);

const runCore = async (store: Store, plan: Plan): Promise<void> => {
  const parts = {
    store,
    fleet: noOpFleet,
    gate: createGate(() => parallel),
    clock: systemClock,
    random: Math.random,
    worker: "bench",
  };
  const deployment = { id: plan.deployment, providers: {}, instances: {} };
  const { result } = await startRun({ run, plan, deployment, onEvent: () => undefined }, parts);
  const { status } = await result;
  if (status !== "succeeded") throw new Error(`The run ended as ${status}.`);
};

const runDirect = async (store: Store, plan: Plan): Promise<void> => {
  const deployment = { id: plan.deployment, providers: {}, instances: {} };
  const at = systemClock.now();
  const begun = await store.begin({ run, plan, deployment, at, worker: "bench", ttlMs: 60_000 });
  if (!begun.begun) throw new Error("The store is not empty.");
  const steps = stepsOf(plan).values();
  const workers = Array.from({ length: parallel }, async () => {
    for (const { key } of steps) await commitStep(store, begun.claim, key);
  });
  await Promise.all(workers);
};

const commitStep = async (store: Store, claim: Claim, step: Parameters<Store["step"]>[1]): Promise<void> => {
  const common = { at: systemClock.now(), run, step, epoch: 0 };
  await store.step(run, step);
  await store.commit(claim, [{ ...common, type: "step.intended", attempt: 1 }]);
  const outcome = { artefacts: [], covered: [], saved: {} };
  const ended: Recorded = { ...common, type: "step.ended", end: { as: "succeeded", outcome }, tookMs: 0 };
  await store.commit(claim, [ended]);
};

const folder = await mkdtemp(join(place, "quiesce-bench-"));
const store = kind === "memory" ? memoryStore() : await openStore(join(folder, "store.db"));
const plan = noOpPlan(1_000, 3);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const startedAt = performance.now();
const cpu = process.cpuUsage();
await (engine === "direct" ? runDirect : runCore)(store, plan);
const wallMs = Math.round(performance.now() - startedAt);
const { user, system } = process.cpuUsage(cpu);
delay.disable();
const { steps } = await store.state(run);
if (![...steps.values()].every(({ end }) => end?.as === "succeeded")) throw new Error("A step is missing.");
await store.close();
await rm(folder, { recursive: true });

const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
const cpuMs = Math.round((user + system) / 1_000);
const longestStallMs = Math.round(delay.max / 1e6);
const line = {
  name: "journal-1000x3",
  ours: wallMs,
  peer: budget.wallMs,
  peerName: "limit",
  ratio: budget.wallMs / wallMs,
  unit: "ms",
  holds: wallMs <= budget.wallMs && peakMiB <= budget.peakMiB,
  note:
    `${engine} on ${kind}, ${steps.size} steps, ${parallel} at once; peak ${peakMiB} MiB of ${budget.peakMiB}; ` +
    `${cpuMs} ms CPU, longest stall ${longestStallMs} ms`,
};
console.log(JSON.stringify(line));
