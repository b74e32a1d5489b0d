import { isOwed, type Finding } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { byHand } from "../render/by-hand.ts";
import { duration } from "../render/duration.ts";
import { lifeOf } from "../worker/run-life.ts";
import { workerName } from "../worker/worker-text.ts";

/** How far the newest record may lie ahead of the clock: more is a clock that was set back. */
const clockSlackMs = 5000;

/** What the journal shows: guests that should have been thawed, runs that nobody finished, a clock that went back. */
export const checkRecords = async (store: StateStore, nowMs: number): Promise<readonly Finding[]> => [
  ...(await overdueDebts(store, nowMs)),
  ...(await openRuns(store, nowMs)),
  ...(await clock(store, nowMs)),
];

/** Overdue: the deadline has passed, or the run has ended without paying. */
const overdueDebts = async (store: StateStore, nowMs: number): Promise<readonly Finding[]> => {
  const owed = (await store.debts()).filter(isOwed);
  const found = await Promise.all(
    owed.map(async (debt): Promise<readonly Finding[]> => {
      const { spec, since, run } = debt;
      const loaded = await store.load(run);
      const overMs = nowMs - Date.parse(since) - spec.dueInMs;
      if (overMs <= 0 && loaded?.record.settledAt === undefined) return [];
      const late = overMs > 0 ? `overdue for ${duration(overMs)}` : "its run has ended";
      return [
        {
          level: "error",
          about: spec.target.instance,
          message: `may be ${spec.harm} since ${since} (run ${run}), ${late}`,
          fix: [`quiesce recover ${run}`, ...(loaded === undefined ? [] : [byHand(debt, loaded.deployment)])].join(
            "; or by hand: ",
          ),
        },
      ];
    }),
  );
  return found.flat();
};

const openRuns = async (store: StateStore, nowMs: number): Promise<readonly Finding[]> =>
  (await store.runs({ open: true })).map((record) => {
    const { run, workflow, deployment, worker, startedAt } = record;
    const life = lifeOf(record, nowMs);
    const name = workerName(worker);
    const message = `${workflow} ${run} of ${startedAt} has not ended`;
    if (life.is === "works") return { level: "ok", about: deployment, message: `${message}; ${name} works on it` };
    const fix = `quiesce recover ${run}`;
    return life.is === "gone"
      ? { level: "warning", about: deployment, message: `${message}, and its process is gone: ${name}`, fix }
      : {
          level: "warning",
          about: deployment,
          message: `${message}; ${name} holds it until ${life.until}`,
          fix: `If that process died, when its lease has ended: ${fix}`,
        };
  });

const clock = async (store: StateStore, nowMs: number): Promise<readonly Finding[]> => {
  const [newest] = await store.runs({});
  const aheadMs = newest === undefined ? 0 : Date.parse(newest.settledAt ?? newest.startedAt) - nowMs;
  return aheadMs <= clockSlackMs
    ? []
    : [
        {
          level: "warning",
          about: "clock of this machine",
          message: `it was set back: the newest run lies ${duration(aheadMs)} in the future`,
          fix: "Let it be set by NTP.",
        },
      ];
};
