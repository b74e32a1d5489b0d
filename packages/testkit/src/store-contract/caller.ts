import { asId, isQuiesceError, type Claim, type Plan, type RunId, type Store } from "@quiesce/core";
import type { Call } from "./any-calls.ts";
import { deploymentNamed, frozenDebt, planOf, targetOf } from "./sample-plan.ts";
import { eventOf, intended, paid, runId, settled, ttlMs } from "./sample-run.ts";
import type { WallClock } from "./store-case.ts";

/** Makes calls on one store, and remembers the claims that it was given. */
export interface Caller {
  /** What the store answered, as far as two stores must agree. */
  make(call: Exclude<Call, { call: "wait" }>): Promise<unknown>;
  readonly claims: ReadonlyMap<RunId, readonly Claim[]>;
}

/** Run 1 has an object in common with each of the others. */
const objects = [["x"], ["x", "y"], ["y"]];

export const planOfRun = (at: number): Plan =>
  planOf({ workflow: "suspend", deployment: asId(`deployment ${at}`), locks: objects[at] ?? [] });

export const runAt = (at: number): RunId => runId(`run ${at}`);

const debt = frozenDebt(targetOf("vm1"));
const events = {
  owe: { ...intended("freeze/vm1"), debt },
  pay: { ...paid(debt.key, 1), by: "recovery" },
  settle: settled("failed"),
} as const;

export const caller = (store: Store, clock: WallClock): Caller => {
  const claims = new Map<RunId, Claim[]>();
  const keep = (claim: Claim): void => void claims.set(claim.run, [claim, ...(claims.get(claim.run) ?? [])]);
  const claimOf = (run: RunId, at: number): Claim => claims.get(run)?.[at] ?? { run, chain: "run", token: 0 };
  const give = <T extends object>(answer: T & { readonly claim?: Claim }): unknown => {
    const { claim, ...rest } = answer;
    if (claim !== undefined) keep(claim);
    return rest;
  };
  const answer = async (call: Parameters<Caller["make"]>[0]): Promise<unknown> => {
    const run = runAt(call.run);
    const at = clock.now();
    switch (call.call) {
      case "begin": {
        const plan = planOfRun(call.run);
        const { worker } = call;
        return give(await store.begin({ run, plan, deployment: deploymentNamed(plan.deployment), at, worker, ttlMs }));
      }
      case "claim":
        return give({ claim: await store.claim(run, "run", call.worker) });
      case "take over": {
        const { worker, gone } = call;
        return give(await store.takeOver({ run, worker, ttlMs, at, policy: "continue", gone }));
      }
      case "renew":
        return await store.renew(claimOf(run, call.claim), ttlMs);
      case "let go":
        return await store.letGo(claimOf(run, call.claim));
      case "owe":
      case "pay":
      case "settle":
        return await store.commit(claimOf(run, call.claim), [eventOf({ clock }, run, events[call.call])]);
    }
  };
  return {
    claims,
    make: async (call) => {
      try {
        return await answer(call);
      } catch (error) {
        if (isQuiesceError(error)) return { refused: error.code, why: error.message };
        throw error;
      }
    },
  };
};
