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
  /**
   * The epoch in which a window's steps go next: the one that the journal is in, or, when that window was broken and
   * may be repeated, the next one; then what was captured in the broken one is taken back first.
   */
  epoch(window: Window): Promise<number>;
}

/** Steps that are repeated together. */
export interface Window {
  readonly steps: readonly Step[];
  /** How often. */
  readonly redo: number;
}

export interface ChainWork {
  readonly chain: Chain;
  readonly seen: Seen;
  /** Of a chain whose window spans several stages; a window of its own has its own epochs. */
  readonly epoch: number;
}

export interface ChainEnd {
  readonly unit: UnitId;
  readonly ends: readonly { readonly key: StepKey; readonly epoch: number; readonly end: StepEnd }[];
}
