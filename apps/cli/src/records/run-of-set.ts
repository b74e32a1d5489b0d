import { stepsOf, type Instant, type Manifest } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";

/** What the run that made a set tells about it: when each content was fixed, and what was left out. */
export const runOfSet = async (
  { run }: Manifest,
  store: StateStore,
): Promise<{ readonly capturedAt: readonly Instant[]; readonly gaps: readonly string[] }> => {
  const loaded = await store.load(run);
  if (loaded === undefined) return { capturedAt: [], gaps: [] };
  const { steps } = await store.state(run);
  const capturedAt = stepsOf(loaded.plan).flatMap((step) => {
    const state = step.does === "capture" ? steps.get(step.key) : undefined;
    return state?.end?.as === "succeeded" && state.endedAt !== undefined ? [state.endedAt] : [];
  });
  const gaps = loaded.plan.omitted
    .filter(({ operation, why }) => operation.endsWith(".create") && why === "allowed")
    .map(({ instance, reason }) => `${instance} was left out: ${reason}`);
  return { capturedAt, gaps };
};
