import type { Claim } from "../ports/store.ts";
import type { RuntimeParts } from "./runtime-parts.ts";

/**
 * Renews the locks at a third of their life. Locks that were lost stop the work: another run may have begun. A store
 * that does not answer is asked again until the locks would have expired.
 */
export const keepLocks = (
  claim: Claim,
  { store, clock }: Pick<RuntimeParts, "store" | "clock">,
  ttlMs: number,
  force: AbortController,
): (() => void) => {
  let stop = (): void => {};
  let renewedAt = clock.monotonicMs();
  const renew = async (): Promise<void> => {
    const kept = await store.renew(claim, ttlMs).catch(() => "unknown" as const);
    if (kept === true) renewedAt = clock.monotonicMs();
    if (kept === false || clock.monotonicMs() - renewedAt >= ttlMs) force.abort(new Error("the run lost its locks"));
    else again(kept === true ? ttlMs / 3 : ttlMs / 30);
  };
  const again = (ms: number): void => {
    stop = clock.timer(ms, () => void renew());
  };
  again(ttlMs / 3);
  return () => stop();
};
