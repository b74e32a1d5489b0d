import type { Deployment } from "../model/deployment.ts";
import type { RunId } from "../model/id.ts";
import type { Clock } from "../ports/clock.ts";
import type { Fleet } from "../ports/fleet.ts";
import type { Gate } from "../ports/gate.ts";
import type { Repository } from "../ports/repository.ts";
import type { Store } from "../ports/store.ts";
import type { Cashier } from "./owed.ts";
import type { Journal } from "./journal.ts";
import type { PlanIndex } from "./plan-index.ts";

/** Everything that driving a step needs of its run and its process. */
export interface Drive {
  readonly run: RunId;
  readonly deployment: Deployment;
  readonly index: PlanIndex;
  readonly store: Store;
  readonly journal: Journal;
  readonly fleet: Fleet;
  readonly gate: Gate;
  readonly repository: Repository;
  readonly clock: Clock;
  readonly cashier: Cashier;
  /** Uniform in [0, 1): spreads retries. */
  readonly random: () => number;
  /** Aborts when the run is cancelled by force or lost its locks. Payments do not listen to it. */
  readonly signal: AbortSignal;
  /** Aborts at any cancel: a copy can take hours, and no guest waits for it. */
  readonly copying: AbortSignal;
  /** False while the run cleans up: what a cancel wants done must not be stopped by it. */
  readonly cancellable: boolean;
}

const never = new AbortController().signal;

/** The same run, deaf to cancels. */
export const cleaningUp = (drive: Drive): Drive => ({ ...drive, signal: never, copying: never, cancellable: false });
