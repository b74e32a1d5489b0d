import type { CancelMode, RunHandle } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";

const everyMs = 1000;

/**
 * Watches for a cancel that another process asked for. The engine sees a soft one by itself before each step; one by
 * force must also abandon the calls in flight, which only this process can.
 */
export const followCancel = (store: StateStore, handle: RunHandle, tell: () => unknown): Disposable => {
  let told: CancelMode | "none" = "none";
  const look = async (): Promise<void> => {
    const asked = await store.cancelled(handle.run);
    if (asked === told) return;
    told = asked;
    tell();
    if (asked === "hard") await handle.cancel("hard");
  };
  // A look that fails changes nothing: the next one comes in a second.
  const timer = setInterval(() => void look().catch(() => {}), everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
};
