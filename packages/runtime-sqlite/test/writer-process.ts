/**
 * A process that commits until it is killed or has made enough commits, and tells each one only after it resolved.
 * Usage: node writer-process.ts <store file> <name> <most commits>
 * Prints `committed <step>` lines; each commit holds an intent with a debt and, atomically with it, a second event.
 */
import { asId, isQuiesceError, type Claim, type Recorded, type Store, type UnitId } from "@quiesce/core";
import { writeSync } from "node:fs";
import { openStore } from "../src/index.ts";
import { crashPlan, crashRun, debtOf } from "./crash-plan.ts";

const chains = 8;
const [file = "", name = "", most = "0"] = process.argv.slice(2);

const claimRun = async (store: Store): Promise<void> => {
  const at = asId<Recorded["at"]>(new Date().toISOString());
  const plan = crashPlan();
  const deployment = { id: plan.deployment, providers: {}, instances: {} };
  const started = { run: crashRun, plan, deployment, at, worker: name, ttlMs: 600_000 };
  try {
    await store.begin(started);
  } catch (error) {
    // Another process, or this one before it was killed, began it.
    if (!isQuiesceError(error) || error.code !== "refused") throw error;
  }
};

const work = async (store: Store, claim: Claim): Promise<void> => {
  for (let nth = 0; nth < Number(most) / chains; nth++) {
    const common = { at: asId<Recorded["at"]>(new Date().toISOString()), run: crashRun };
    const step = asId<Extract<Recorded, { type: "step.intended" }>["step"]>(`${name}/${claim.chain}/${nth}`);
    await store.commit(claim, [
      { ...common, type: "step.intended", step, attempt: 1, epoch: 0, debt: debtOf(step) },
      { ...common, type: "step.ticketed", step, ticket: nth },
    ]);
    writeSync(1, `committed ${step}\n`);
    // Every other one is paid, so that rows come and go.
    if (nth % 2 === 0) await store.commit(claim, [{ ...common, type: "debt.void", debt: debtOf(step).key }]);
  }
};

const store = await openStore(file);
await claimRun(store);
await Promise.all(
  Array.from({ length: chains }, async (_, at) =>
    work(store, await store.claim(crashRun, asId<UnitId>(`${name} ${at}`), name)),
  ),
);
await store.close();
