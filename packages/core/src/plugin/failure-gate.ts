/** The one gate: whatever a plugin throws leaves it as a ProviderFailure, with the original as its cause. */
export type FailureGate = <T>(call: () => Promise<T>) => Promise<T>;
