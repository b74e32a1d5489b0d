import { lockKeysOf, QuiesceError, type Plan, type RunRecord } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { lifeOf } from "../worker/run-life.ts";
import { workerName } from "../worker/worker-text.ts";

/** Who works on what this plan needs, whether it lives, and what to do; undefined when nobody does any more. */
export const lockHolder = async (
  plan: Pick<Plan, "deployment" | "locks">,
  store: Pick<StateStore, "runs" | "load">,
  nowMs: number,
): Promise<QuiesceError | undefined> => {
  const wanted = new Set(lockKeysOf(plan));
  for (const record of await store.runs({ open: true })) {
    if (record.heldUntil === undefined || Date.parse(record.heldUntil) <= nowMs) continue;
    const loaded = await store.load(record.run);
    const key = loaded && lockKeysOf(loaded.plan).find((one) => wanted.has(one));
    if (key !== undefined) return locked(record, key, nowMs);
  }
  return undefined;
};

const locked = (record: RunRecord, key: string, nowMs: number): QuiesceError => {
  const { run, worker } = record;
  const life = lifeOf(record, nowMs);
  const { state, hint } = told[life.is](run, "until" in life ? life.until : "");
  return new QuiesceError("locked", `Run ${run} of ${workerName(worker)} works on ${key}. ${state}`, { hint });
};

const told = {
  works: (run: string) => ({
    state: "Its process lives.",
    hint: `Wait for it, or cancel it: quiesce executions cancel ${run}`,
  }),
  leased: (run: string, until: string) => ({
    state: `Its lease ends at ${until}, unless it is renewed.`,
    hint: `Wait for it, or cancel it: quiesce executions cancel ${run}. If its process died, then: quiesce recover ${run}`,
  }),
  gone: (run: string) => ({
    state: "But its process is gone.",
    hint: `Bring it to its end first: quiesce recover ${run}`,
  }),
} as const;
