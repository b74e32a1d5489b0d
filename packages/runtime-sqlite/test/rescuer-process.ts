/**
 * A process that takes a run over again and again from whoever holds it, as if that one were dead, until it is killed
 * or has done it often enough. Usage: node rescuer-process.ts <store file> <name> <most>
 * Prints JSON lines, each after it is durable: `{taken: <claim>, worker}`, `{committed: <step>}`, `{letGo: <worker>}`.
 */
import { asId, isQuiesceError, type Claim, type Recorded, type Store } from "@quiesce/core";
import { writeSync } from "node:fs";
import { openStore } from "../src/index.ts";
import { crashRun, debtOf } from "./crash-plan.ts";

const [file = "", name = "", most = "0"] = process.argv.slice(2);
const now = () => asId<Recorded["at"]>(new Date().toISOString());
const tell = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const takeOver = async (store: Store, worker: string): Promise<Claim | undefined> => {
  const gone = (await store.load(crashRun))?.record.worker ?? "";
  const at = now();
  const taken = await store.takeOver({ run: crashRun, worker, ttlMs: 600_000, at, policy: "continue", gone });
  if (!taken.taken) return undefined;
  tell({ taken: taken.claim, worker });
  return taken.claim;
};

/** False when another took the run over meanwhile. */
const work = async (store: Store, claim: Claim, nth: number): Promise<boolean> => {
  const step = asId<Extract<Recorded, { type: "step.intended" }>["step"]>(`${name}/${nth}`);
  const common = { at: now(), run: crashRun };
  try {
    await store.commit(claim, [
      { ...common, type: "step.intended", step, attempt: 1, epoch: 0, debt: debtOf(step) },
      { ...common, type: "step.ticketed", step, ticket: nth },
    ]);
  } catch (error) {
    if (isQuiesceError(error) && error.code === "fenced") return false;
    throw error;
  }
  tell({ committed: step });
  return true;
};

const store = await openStore(file);
for (let nth = 0; nth < Number(most); nth++) {
  const worker = `${name} ${nth}`;
  const claim = await takeOver(store, worker);
  if (claim === undefined || !(await work(store, claim, nth)) || nth % 3 > 0) continue;
  await store.letGo(claim);
  tell({ letGo: worker });
}
await store.close();
