import { failure } from "../error/provider-error.ts";
import type { Clock } from "../ports/clock.ts";

/**
 * Runs a call with a deadline that stands outside of it: a call that hangs is abandoned, its outcome unknown, and
 * the signal that it got is aborted. Rejects with `timed-out` (observe first) at the deadline, with the outer
 * signal's reason when that aborts.
 */
export const withDeadline = async <T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
  what: string,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  outer.throwIfAborted();
  const inner = new AbortController();
  let stopTimer = (): void => {};
  let stopListening = (): void => {};
  const abandoned = new Promise<never>((_, reject) => {
    const abandon = (reason: Error): void => {
      inner.abort(reason);
      reject(reason);
    };
    stopTimer = clock.timer(ms, () => {
      abandon(
        failure("timed-out", `${what} did not end within ${ms} ms; its outcome is unknown.`, {
          retry: "observe-first",
        }),
      );
    });
    const onAbort = (): void => abandon(outer.reason as Error);
    outer.addEventListener("abort", onAbort, { once: true });
    stopListening = () => outer.removeEventListener("abort", onAbort);
  });
  const working = call(inner.signal);
  // An abandoned call may still fail later; nobody waits for it then.
  working.catch(() => {});
  try {
    return await Promise.race([working, abandoned]);
  } finally {
    stopTimer();
    stopListening();
  }
};
