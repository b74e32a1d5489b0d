import type { DomainSpecInput } from "@quiesce/sim-libvirt";
import type { Process } from "./process.ts";

/** What a process may die in the middle of, and what is done about it. */
export interface Story {
  readonly title: string;
  readonly machine: Partial<DomainSpecInput>;
  /** What an earlier run did. */
  readonly before?: (p: Process) => Promise<void>;
  /** The steps of the run, as the engine calls them. */
  readonly work: (p: Process) => Promise<void>;
  /** By another process after a death: must end as if nobody had died. */
  readonly goOn?: (p: Process) => Promise<void>;
  /** By another process after a death: must end as if nothing had been begun. */
  readonly takeBack?: (p: Process) => Promise<void>;
}
