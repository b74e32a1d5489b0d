import {
  asId,
  payDebts,
  recoverRun,
  startRun,
  type Plan,
  type Recorded,
  type RunId,
  type RunState,
  type RunSummary,
} from "@quiesce/core";
import type { Point } from "../../src/index.ts";
import { crashWorld, startProcess, type CrashWorld, type Process } from "./crash-world.ts";
import { settleMs, type CrashCase } from "./crash-case.ts";
import { foreignIn, plantForeign } from "./foreign.ts";
import { live } from "./live.ts";
import { backupName, olderName, planIn, setNamed } from "./plan-in.ts";
import { isAt } from "./place.ts";
import { contentsOf, powersOf, type Powers } from "./powers.ts";
import { prepare } from "./prepare.ts";

export const run = asId<RunId>("r9");

/** A run that is over, and the world after it. */
export interface Played {
  readonly asked: CrashCase;
  readonly world: CrashWorld;
  readonly plan: Plan;
  /** Absent when it died before it was begun. */
  readonly summary?: RunSummary;
  readonly state?: RunState;
  readonly journal: readonly Recorded[];
  /** Of the first process. */
  readonly points: number;
  readonly deaths: readonly Point[];
  readonly before: Before;
}

export interface Before {
  readonly foreign: readonly string[];
  readonly powers: Powers;
  readonly contents: readonly string[];
  /** Calls to the cloud. */
  readonly calls: number;
}

/** Plays a case until nothing moves any more. `points`: of the same run without death and cancel. */
export const play = async (asked: CrashCase, points = 0): Promise<Played> => {
  const world = crashWorld(asked);
  await prepare(world, asked);
  world.services.calls.length = 0;
  plantForeign(world.cloud, asked.vms, backupName, run);
  const before = beforeIt(world);
  const process = processOf(world, asked, 0, points);
  const plan = await planOf(world, process, asked);
  await world.cloud.faults.set(...asked.faults);
  world.witness.writes = asked.workflow === "backup";
  const request = { run, plan, deployment: world.deployment, rollback: asked.rollback, onEvent: () => {} };
  const ending = await live(world, process, { run, cancels: asked.cancels, points }, () =>
    startRun(request, process.parts),
  );
  const end = ending.is === "dead" ? await recovered(world, asked, points, ending.at) : { deaths: [], ...ending };
  // What is still under way arrives.
  await world.clock.advance(2 * settleMs);
  return {
    asked,
    world,
    plan,
    before,
    deaths: end.deaths,
    points: process.life.points,
    ...(end.summary === undefined ? {} : { summary: end.summary }),
    ...(await kept(world)),
  };
};

/** Processes one after another take the run over, until one of them lives to its end. */
const recovered = async (
  world: CrashWorld,
  asked: CrashCase,
  points: number,
  first: Point,
): Promise<{ readonly deaths: readonly Point[]; readonly summary?: RunSummary }> => {
  const deaths = [first];
  for (;;) {
    // What the dead process had at hand falls to the ground.
    await world.clock.advance(0);
    const stored = await world.store.load(run);
    if (stored === undefined) return { deaths };
    const { known, paidFirst } = asked.deaths[deaths.length - 1] ?? expected;
    if (!known) await world.clock.advance(leaseMs);
    const gone = known ? { gone: stored.record.worker } : {};
    if (paidFirst) await payFirst(world, gone);
    const process = processOf(world, asked, deaths.length, points);
    const request = { run, policy: asked.policy, ...gone, onEvent: () => {} };
    const ending = await live(world, process, { run, cancels: [], points }, () => recoverRun(request, process.parts));
    if (ending.is === "over") return { deaths, summary: ending.summary };
    deaths.push(ending.at);
  }
};

const leaseMs = 60_001;
const expected = { known: false, paidFirst: false };

const payFirst = async (world: CrashWorld, gone: { readonly gone?: string }): Promise<void> => {
  const { parts } = startProcess(world, "another worker");
  await world.clock.until(payDebts({ run, ...gone, onEvent: () => {} }, parts));
};

const kept = async ({ store }: CrashWorld): Promise<Pick<Played, "state" | "journal">> =>
  (await store.load(run)) === undefined
    ? { journal: [] }
    : { state: await store.state(run), journal: await store.events(run, 0) };

const beforeIt = (world: CrashWorld): Before => ({
  foreign: foreignIn(world.cloud, world.store.id),
  powers: powersOf(world),
  contents: contentsOf(world),
  calls: world.cloud.calls.length,
});

const processOf = (world: CrashWorld, { deaths }: CrashCase, number: number, points: number): Process => {
  const death = deaths[number];
  const dying = death === undefined ? {} : { diesAt: isAt(death.at, points), fates: death.fates };
  return startProcess(world, `worker-${number}`, dying);
};

const planOf = async (world: CrashWorld, process: Process, asked: CrashCase): Promise<Plan> => {
  const { workflow, kind, scope, incremental } = asked;
  const from = workflow === "restore" || workflow === "remove_backup" ? await setNamed(world, olderName) : undefined;
  const chained = incremental && kind === "backup";
  const set = from === undefined ? {} : { from, name: olderName };
  return await planIn(world, process, { workflow, kind, scope, incremental: chained, ...set });
};
