/** What a fault may do to the daemon as a whole. */
export interface ServerControl {
  /** The simulator ends. */
  die(): void;
  /** The daemon ends now and listens again after `downMs`. */
  restart(downMs: number): void;
}
