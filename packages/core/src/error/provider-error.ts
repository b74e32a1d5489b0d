/** A provider's failure as data: what the journal keeps and what retry decisions read. Never holds a secret. */
export interface ProviderError {
  readonly code: ProviderErrorCode;
  readonly advice: RetryAdvice;
  /** What failed, on what, why; and what to do, where that is known. */
  readonly message: string;
  readonly providerRequestId?: string;
  /** It is proved that nothing was done: the request never left, or was refused as a whole. */
  readonly noEffect?: true;
}

export type ProviderErrorCode =
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "invalid"
  | "quota-exceeded"
  | "rate-limited"
  | "unavailable"
  | "timed-out"
  | "protocol"
  /** Bytes of a backup are not what was written, or a part of them is missing. */
  | "damaged";

/** `observe-first`: the effect may have happened; look before acting again. `afterMs`: the provider asked to wait. */
export type RetryAdvice =
  | { readonly retry: "never" }
  | { readonly retry: "later"; readonly afterMs?: number }
  | { readonly retry: "observe-first" };

const identity = Symbol.for("quiesce.ProviderFailure");

/** What a handler throws, and what a plugin's `problem` gate turns every foreign throwable into. */
export class ProviderFailure extends Error {
  readonly problem: ProviderError;
  readonly [identity] = true;

  constructor(problem: ProviderError, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = "ProviderFailure";
    this.problem = problem;
  }
}

/** By symbol, not `instanceof`: two copies of core may be loaded. */
export const isProviderFailure = (thrown: unknown): thrown is ProviderFailure =>
  typeof thrown === "object" && thrown !== null && identity in thrown;

/** Short form for handlers: `throw failure("conflict", "…")`. Advice defaults to `never`. */
export const failure = (
  code: ProviderErrorCode,
  message: string,
  advice: RetryAdvice = { retry: "never" },
): ProviderFailure => new ProviderFailure({ code, message, advice });
