import type { Event } from "@quiesce/core";

/** Shows a run while it works. Never throws: what is shown must not end what is done. */
export interface Reporter {
  event(event: Event): void;
  /** A remark of the command line itself; it stands above what moves. */
  say(text: string): void;
  /** Stops all that moves and leaves the terminal clean. */
  close(): void;
}
