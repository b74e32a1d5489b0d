import type { Clock } from "../ports/clock.ts";
import type { Fleet } from "../ports/fleet.ts";
import type { Gate } from "../ports/gate.ts";
import type { Repository } from "../ports/repository.ts";
import type { Store } from "../ports/store.ts";

/** What a process gives its runs. */
export interface RuntimeParts {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly gate: Gate;
  readonly clock: Clock;
  /** Where the bytes go that are moved here; without one a step that moves bytes fails and says so. */
  readonly repository?: Repository;
  readonly random: () => number;
  /** Names this process to whoever meets its locks: host, pid, start. */
  readonly worker: string;
  /** Default 60 s: how long the locks of a process that died keep others away. */
  readonly lockTtlMs?: number;
}

export const defaultLockTtlMs = 60_000;
