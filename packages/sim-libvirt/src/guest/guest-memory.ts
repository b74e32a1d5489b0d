/** What a guest holds in RAM. A snapshot with memory and a managed save keep it. */
export interface GuestMemory {
  /** Changes with each boot. */
  readonly bootId: string;
  /** Milliseconds that the guest has run since its boot. */
  readonly uptimeMs: number;
  readonly ram: Readonly<Record<string, string>>;
  /** Mount points that are frozen: a memory state taken in a freeze window comes back frozen. */
  readonly frozen: readonly string[];
  /** Guest's clock in milliseconds since 1970, at the time of the saving. */
  readonly clockMs: number;
}
