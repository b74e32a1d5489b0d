import {
  isPayment,
  plan,
  runChain,
  runPlan,
  stepsOf,
  type ChainEnd,
  type DebtKey,
  type Engine,
  type PlanBody,
  type Step,
  type StepEnd,
  type StepKey,
} from "@quiesce/core";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyPlanRequest, type PlanRequest } from "../src/index.ts";

// One interpreter, two engines: one remembers ends by step key, one by their position in a chain, as engines do that
// replay. On real plans, with a crash after any number of steps and any steps failing, both must end alike.

/** The process dies here. */
class Crash extends Error {}

/** What happens to a step; a payment succeeds, because retries and recovery see to it. */
type Fate = "succeeded" | "failed" | "failed-with-effect" | "in-doubt";
type Fates = (step: Step) => Fate;

/** The world outside: it survives a crash. */
interface World {
  readonly frozen: Set<DebtKey>;
  readonly thaws: Map<DebtKey, number>;
  act(step: Step): Promise<StepEnd>;
}

const worldOf = (fates: Fates): World => {
  const frozen = new Set<DebtKey>();
  const thaws = new Map<DebtKey, number>();
  return {
    frozen,
    thaws,
    act: async (step) => {
      // Steps that stand side by side end in any order.
      for (let waits = step.key.length % 3; waits >= 0; waits--) await new Promise(setImmediate);
      if (isPayment(step)) {
        frozen.delete(step.debt);
        thaws.set(step.debt, (thaws.get(step.debt) ?? 0) + 1);
        return endOf("succeeded");
      }
      const fate = fates(step);
      if ("owes" in step && step.owes !== undefined && fate !== "failed") frozen.add(step.owes.key);
      return endOf(fate);
    },
  };
};

const endOf = (fate: Fate): StepEnd => {
  const error = { code: "protocol", advice: { retry: "never" }, message: "failed on demand" } as const;
  switch (fate) {
    case "succeeded":
      return { as: "succeeded", outcome: { artefacts: [], covered: [], saved: {} } };
    case "failed":
    case "failed-with-effect":
      return { as: "failed", error };
    case "in-doubt":
      return { as: "in-doubt", error };
  }
};

/** How many steps the process still lives for. */
interface Life {
  left: number;
}

/** The crash comes before the act, or after it and before its end is remembered. */
const once = async (world: World, step: Step, life: Life): Promise<StepEnd> => {
  if (life.left <= 0) throw new Crash();
  life.left -= 1;
  const end = await world.act(step);
  if (life.left <= 0) throw new Crash();
  return end;
};

const join = async (work: readonly Promise<ChainEnd>[]): Promise<readonly ChainEnd[]> => {
  const ends = await Promise.allSettled(work);
  return ends.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
};

type Memory = Map<string, { readonly key: StepKey; readonly end: StepEnd }>;

const byKey = (memory: Memory, world: World, life: Life): Engine => {
  const engine: Engine = {
    step: async (step) => {
      const known = memory.get(step.key);
      if (known !== undefined) return known.end;
      const end = await once(world, step, life);
      memory.set(step.key, { key: step.key, end });
      return end;
    },
    fork: (work) => join(work.map((one) => runChain(one, engine))),
    epoch: async () => 0,
  };
  return engine;
};

const byPosition = (memory: Memory, world: World, life: Life): Engine => {
  let forks = 0;
  const child = (name: string): Engine => {
    let position = 0;
    return {
      fork: () => Promise.reject(new Error("a chain forks nothing")),
      epoch: async () => 0,
      step: async (step) => {
        const place = `${name}/${position++}`;
        const known = memory.get(place);
        if (known !== undefined && known.key !== step.key) throw new Error(`${place} was ${known.key}, is ${step.key}`);
        if (known !== undefined) return known.end;
        const end = await once(world, step, life);
        memory.set(place, { key: step.key, end });
        return end;
      },
    };
  };
  return {
    step: () => Promise.reject(new Error("a step outside of a chain")),
    epoch: async () => 0,
    fork: (work) => {
      const fork = forks++;
      return join(work.map((one) => runChain(one, child(`${fork}/${one.chain.unit}`))));
    },
  };
};

const forever = (): Life => ({ left: Number.POSITIVE_INFINITY });

/** Runs until it crashes, then again to the end. */
const crashedOnce = async (
  body: PlanBody,
  engineOf: typeof byKey,
  fates: Fates,
  crashAt: number,
): Promise<{ readonly ends: readonly ChainEnd[]; readonly world: World }> => {
  const world = worldOf(fates);
  const memory: Memory = new Map();
  try {
    await runPlan(body, engineOf(memory, world, { left: crashAt }));
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  return { ends: await runPlan(body, engineOf(memory, world, forever())), world };
};

/** A step's fate must be the same on each try and on each engine, so it hangs on the key. */
const fatesFrom = (badness: readonly number[]): Fates => {
  const fates: readonly Fate[] = ["failed", "failed-with-effect", "in-doubt"];
  return (step) => {
    const at = Buffer.from(step.key).reduce((sum, byte) => (sum * 31 + byte) % 997, 7);
    const roll = badness[at % badness.length] ?? 99;
    return fates[roll] ?? "succeeded";
  };
};

const anyFates = fc
  .array(fc.oneof({ arbitrary: fc.constant(99), weight: 5 }, fc.integer({ min: 0, max: 2 })), {
    minLength: 1,
    maxLength: 7,
  })
  .map(fatesFrom);

const anyRequest = fc.oneof({ arbitrary: anyPlanRequest("sane"), weight: 3 }, anyPlanRequest("odd"));

/** Runs a check on many plans; says how many there were, so that a test cannot pass by checking none. */
const onPlans = async (
  anyRequest: fc.Arbitrary<PlanRequest>,
  numRuns: number,
  check: (body: PlanBody, fates: Fates, number: number) => Promise<boolean | "not-concerned">,
): Promise<number> => {
  let concerned = 0;
  const property = fc.asyncProperty(anyRequest, anyFates, fc.nat({ max: 30 }), async (request, fates, number) => {
    const made = plan(request.workflow, request.deployment, request.facts, request.options);
    const checked = made.ok ? await check(made.value, fates, number) : "not-concerned";
    if (checked === "not-concerned") return true;
    concerned += 1;
    return checked;
  });
  await fc.assert(property, { numRuns });
  return concerned;
};

test("key memo and positional replay end alike after a crash at any step, and nobody stays frozen", async () => {
  const crashed = await onPlans(anyRequest, 500, async (body, fates, crashAt) => {
    const clean = await runPlan(body, byKey(new Map(), worldOf(fates), forever()));
    const runs = await Promise.all([byKey, byPosition].map((engineOf) => crashedOnce(body, engineOf, fates, crashAt)));
    const alike = runs.every(({ ends, world }) => isDeepStrictEqual(ends, clean) && world.frozen.size === 0);
    return alike && crashAt >= stepsOf(body).length ? "not-concerned" : alike;
  });
  expect(crashed).toBeGreaterThan(50);
});

test("without a crash every debt is paid exactly once, and a harm that was skipped is not paid", async () => {
  const owing = await onPlans(anyRequest, 400, async (body, fates) => {
    const world = worldOf(fates);
    const ends = await runPlan(body, byKey(new Map(), world, forever()));
    const endOfKey = new Map(ends.flatMap((chain) => chain.ends.map(({ key, end }) => [key, end.as] as const)));
    const harms = stepsOf(body).flatMap((step) =>
      "owes" in step && step.owes ? [{ key: step.key, debt: step.owes.key }] : [],
    );
    if (harms.length === 0) return "not-concerned";
    return harms.every(({ key, debt }) => (world.thaws.get(debt) ?? 0) === (endOfKey.get(key) === "skipped" ? 0 : 1));
  });
  expect(owing).toBeGreaterThan(30);
});

test("one failed freeze in deployment scope captures nothing", async () => {
  const together = anyPlanRequest("sane").map((request): PlanRequest => ({
    ...request,
    workflow: "backup",
    options: { ...request.options, scope: "deployment" },
  }));
  const failed = await onPlans(together, 400, async (body, _, at) => {
    const freezes = stepsOf(body).filter(({ operation, onFailure }) => operation === "freeze" && onFailure === "run");
    const victim = freezes[at % Math.max(1, freezes.length)];
    if (victim === undefined) return "not-concerned";
    const world = worldOf((step) => (step.key === victim.key ? "failed" : "succeeded"));
    const ends = await runPlan(body, byKey(new Map(), world, forever()));
    const started = ends.flatMap((chain) => chain.ends).filter(({ end }) => end.as !== "skipped");
    return world.frozen.size === 0 && started.every(({ key }) => !key.includes(".create"));
  });
  expect(failed).toBeGreaterThan(50);
});
