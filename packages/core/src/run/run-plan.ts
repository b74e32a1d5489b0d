import type { UnitId } from "../model/id.ts";
import { stepsOf, type Plan, type Stage } from "../plan/plan.ts";
import type { Seen } from "./admit.ts";
import type { ChainEnd, Engine } from "./engine.ts";
import { repeated } from "./repeated.ts";
import { seenAfterChain } from "./run-chain.ts";
import { windowLength } from "./window.ts";

const untouched: Seen = { runFailed: false, unitFailed: false, owed: [] };

/**
 * Runs the stages in order, each with a barrier at its end, and carries what each unit owes from stage to stage. A
 * window that spans stages is repeated as a whole: its content is of one moment, or it is no set of one moment.
 */
export const runPlan = async (plan: Pick<Plan, "stages">, engine: Engine): Promise<readonly ChainEnd[]> => {
  const length = windowLength(plan.stages.map((stage) => stepsOf({ stages: [stage] })));
  if (length === 0) return (await runStages(plan.stages, 0, engine, begun)).ends;
  const stages = plan.stages.slice(0, length);
  const window = { steps: stepsOf({ stages }), redo: redoOf(stages) };
  const { epoch, done } = await repeated(window, engine, (at) => runStages(stages, at, engine, begun));
  return (await runStages(plan.stages.slice(length), epoch, engine, done)).ends;
};

const redoOf = (stages: readonly Stage[]): number =>
  Math.min(...stages.flatMap(({ chains }) => chains.map(({ redo }) => redo)), Infinity);

interface Course {
  readonly ends: readonly ChainEnd[];
  readonly seenOf: ReadonlyMap<UnitId, Seen>;
  readonly runFailed: boolean;
}

const begun: Course = { ends: [], seenOf: new Map(), runFailed: false };

const runStages = async (stages: readonly Stage[], epoch: number, engine: Engine, before: Course): Promise<Course> => {
  const ends = [...before.ends];
  const seenOf = new Map(before.seenOf);
  let { runFailed } = before;
  for (const { chains } of stages) {
    const work = chains.map((chain) => ({
      chain,
      seen: { ...(seenOf.get(chain.unit) ?? untouched), runFailed },
      epoch,
    }));
    const done = await engine.fork(work);
    work.forEach(({ chain, seen: start }, index) => {
      const end = done[index];
      if (end === undefined) throw new Error(`The engine lost the chain of ${chain.unit}.`);
      ends.push(end);
      seenOf.set(chain.unit, seenAfterChain(chain, start, end));
    });
    runFailed ||= chains.some(({ unit }) => seenOf.get(unit)?.runFailed === true);
  }
  return { ends, seenOf, runFailed };
};
