import { isProviderFailure, type ProviderError } from "../error/provider-error.ts";

/** The error to journal for what a driver threw. An abort is told as what it was; anything unknown is a bug and goes on. */
export const problemOf = (thrown: unknown, signal: AbortSignal): ProviderError => {
  if (isProviderFailure(thrown)) return thrown.problem;
  if (signal.aborted) {
    return {
      code: "timed-out",
      advice: { retry: "never" },
      message: "Stopped by a forced cancel; the outcome of this call is unknown.",
    };
  }
  throw thrown;
};
