import type { CancelMode, RunId } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";

const everyMs = 1000;

/** Watches for a cancel in the store, whoever asked for it; tells each mode once. */
export const followCancel = (store: StateStore, run: RunId, tell: (mode: CancelMode) => void): Disposable => {
  let told: CancelMode | "none" = "none";
  const look = async (): Promise<void> => {
    const asked = await store.cancelled(run);
    if (asked === told || asked === "none") return;
    told = asked;
    tell(asked);
  };
  // A look that fails changes nothing: the next one comes in a second.
  const timer = setInterval(() => void look().catch(() => {}), everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
};
