import { asId } from "@quiesce/core";
import type {
  Begun,
  Claim,
  DebtKey,
  Outcome,
  Plan,
  Recorded,
  RunId,
  StepEnd,
  TakenOver,
  TakeOver,
} from "@quiesce/core";
import { deploymentNamed } from "./sample-plan.ts";
import type { StoreWorld } from "./store-case.ts";

type World = Pick<StoreWorld, "store" | "clock">;

export const runId = (name: string): RunId => asId(name);

/** Time to live of the locks in these tests. */
export const ttlMs = 60_000;

export const beginRun = ({ store, clock }: World, run: string, plan: Plan): Promise<Begun> =>
  store.begin({
    run: runId(run),
    plan,
    deployment: deploymentNamed(plan.deployment),
    at: clock.now(),
    worker: `worker of ${run}`,
    ttlMs,
  });

/** Begins a run that must be accepted. */
export const begunRun = async (world: World, run: string, plan: Plan): Promise<Claim> => {
  const begun = await beginRun(world, run, plan);
  if (!begun.begun) throw new Error(`Run ${run} was refused: ${begun.key} is held by ${begun.by}.`);
  return begun.claim;
};

/** A worker `rescuer` takes the run over to go on with it, unless `more` says otherwise. */
export const takeOver = ({ store, clock }: World, run: string, more: Partial<TakeOver> = {}): Promise<TakenOver> =>
  store.takeOver({ run: runId(run), worker: "rescuer", ttlMs, at: clock.now(), policy: "continue", ...more });

/** A take-over that must be granted. */
export const takenOver = async (world: World, run: string, more: Partial<TakeOver> = {}) => {
  const taken = await takeOver(world, run, more);
  if (!taken.taken) throw new Error(`Run ${run} was not given: ${taken.worker} holds it until ${taken.until}.`);
  return taken;
};

type Body = Recorded extends infer E ? (E extends Recorded ? Omit<E, "at" | "run"> : never) : never;

/** Commits these events one by one, each a second after the other. */
export const record = async (world: World, claim: Claim, bodies: readonly Body[]): Promise<readonly Recorded[]> => {
  const events: Recorded[] = [];
  for (const body of bodies) {
    world.clock.move(1_000);
    const event = eventOf(world, claim.run, body);
    await world.store.commit(claim, [event]);
    events.push(event);
  }
  return events;
};

export const eventOf = ({ clock }: Pick<World, "clock">, run: RunId, body: Body): Recorded => ({
  at: clock.now(),
  run,
  ...body,
});

export const intended = (step: string, more: { readonly attempt?: number; readonly epoch?: number } = {}) =>
  ({ type: "step.intended", step: asId(step), attempt: 1, epoch: 0, ...more }) as const satisfies Body;

export const ended = (step: string, end: StepEnd) =>
  ({ type: "step.ended", step: asId(step), epoch: 0, end, tookMs: 5 }) as const satisfies Body;

export const succeeded = (outcome: Partial<Outcome> = {}): StepEnd => ({
  as: "succeeded",
  outcome: { artefacts: [], covered: [], saved: {}, ...outcome },
});

export const failed = {
  as: "failed",
  error: { code: "conflict", advice: { retry: "never" }, message: "the image is in use" },
} as const satisfies StepEnd;

export const undone = (step: string, epoch = 0) =>
  ({ type: "step.undone", step: asId(step), epoch }) as const satisfies Body;

export const paid = (debt: DebtKey, heldMs: number) =>
  ({ type: "debt.paid", debt, by: "step", heldMs }) as const satisfies Body;

export const settled = (status: "succeeded" | "partial" | "failed" | "cancelled") =>
  ({ type: "run.settled", status }) as const satisfies Body;
