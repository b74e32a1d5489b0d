import type { ProviderError } from "../error/provider-error.ts";
import type { Step } from "../plan/plan.ts";

/** How long to wait before try `attempt + 1`, or undefined when the step must not be tried again. Full jitter. */
export const retryAfterMs = (
  { retry }: Pick<Step, "retry">,
  error: ProviderError,
  attempt: number,
  random: () => number,
): number | undefined => {
  if (error.advice.retry === "never" || attempt >= retry.attempts) return undefined;
  const asked = error.advice.retry === "later" ? (error.advice.afterMs ?? 0) : 0;
  const spread = random() * Math.min(retry.capMs, retry.baseMs * 2 ** (attempt - 1));
  return Math.max(asked, Math.round(spread));
};
