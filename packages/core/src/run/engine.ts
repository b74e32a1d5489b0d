import type { StepEnd } from "../event/event.ts";
import type { StepKey, UnitId } from "../model/id.ts";
import type { Chain, Step } from "../plan/plan.ts";
import type { Seen } from "./admit.ts";

/**
 * All that the interpreter asks of an engine. The embedded one calls driveStep and runs chains side by side; a
 * distributed one wraps `step` in its durable step and `fork` in its child workflows.
 */
export interface Engine {
  step(step: Step, epoch: number): Promise<StepEnd>;
  /** Runs the chains side by side and gives their ends in the order of `work`. */
  fork(work: readonly ChainWork[]): Promise<readonly ChainEnd[]>;
}

export interface ChainWork {
  readonly chain: Chain;
  readonly seen: Seen;
}

export interface ChainEnd {
  readonly unit: UnitId;
  readonly ends: readonly { readonly key: StepKey; readonly epoch: number; readonly end: StepEnd }[];
}
