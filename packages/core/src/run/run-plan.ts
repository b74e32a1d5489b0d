import type { UnitId } from "../model/id.ts";
import type { Chain, Plan } from "../plan/plan.ts";
import { seenAfter, type Seen } from "./admit.ts";
import type { ChainEnd, Engine } from "./engine.ts";

const untouched: Seen = { runFailed: false, unitFailed: false, owed: [] };

/** Runs the stages in order, each with a barrier at its end, and carries what each unit owes from stage to stage. */
export const runPlan = async (plan: Pick<Plan, "stages">, engine: Engine): Promise<readonly ChainEnd[]> => {
  const all: ChainEnd[] = [];
  const seenOf = new Map<UnitId, Seen>();
  let runFailed = false;
  for (const { chains } of plan.stages) {
    const work = chains.map((chain) => ({ chain, seen: { ...(seenOf.get(chain.unit) ?? untouched), runFailed } }));
    const ends = await engine.fork(work);
    let failedHere = false;
    chains.forEach((chain, index) => {
      const end = ends[index];
      const start = work[index]?.seen;
      if (end === undefined || start === undefined) throw new Error(`The engine lost the chain of ${chain.unit}.`);
      all.push(end);
      const seen = replay(chain, start, end);
      seenOf.set(chain.unit, seen);
      failedHere ||= seen.runFailed;
    });
    runFailed ||= failedHere;
  }
  return all;
};

const replay = (chain: Chain, start: Seen, end: ChainEnd): Seen => {
  const endOf = new Map(end.ends.map((e) => [e.key, e.end]));
  let seen = start;
  for (const step of chain.links.flat()) {
    const stepEnd = endOf.get(step.key);
    if (stepEnd !== undefined) seen = seenAfter(seen, step, stepEnd);
  }
  return seen;
};
