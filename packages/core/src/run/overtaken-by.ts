import type { RunId } from "../model/id.ts";
import type { Plan } from "../plan/plan.ts";
import type { Store } from "../ports/store.ts";
import { lockKeysOf } from "./lock-keys.ts";

/** A run that began later on the same deployment or one of the same objects: the world is not what the older one left. */
export const overtakenBy = async (store: Store, run: RunId, plan: Plan): Promise<RunId | undefined> => {
  const keys = new Set(lockKeysOf(plan));
  for (const later of await store.runs({})) {
    if (later.run === run) return undefined;
    const other = await store.load(later.run);
    if (other !== undefined && lockKeysOf(other.plan).some((key) => keys.has(key))) return later.run;
  }
  return undefined;
};
