import type { ProviderError } from "../error/provider-error.ts";
import type { CancelMode, Leftover, PaidBy, RunStatus, StepEnd } from "../event/event.ts";
import type { DebtKey, Instant, StepKey } from "../model/id.ts";
import type { Json } from "../model/json.ts";
import type { DebtSpec } from "../plan/plan.ts";

export interface StepState {
  readonly epoch: number;
  /** Tries begun, over restarts too. */
  readonly attempts: number;
  readonly intendedAt?: Instant;
  /** A provider's long job, to be polled after a restart instead of started again. */
  readonly ticket?: Json;
  readonly end?: StepEnd;
  /** What it did was taken back; `end` still tells how it ended. */
  readonly undone?: true;
  readonly endedAt?: Instant;
  readonly tookMs?: number;
}

/** `open` → `paying` → `paid`; `void` when the harm was never done. */
export interface DebtState {
  readonly spec: DebtSpec;
  readonly by: StepKey;
  /** Of the step that owes it: a window that is repeated opens its debts again. */
  readonly epoch: number;
  readonly since: Instant;
  readonly state: "open" | "paying" | "paid" | "void";
  /** Who paid it: a window that was not closed by its own step is broken. */
  readonly paidBy?: PaidBy;
  readonly failures: number;
  readonly heldMs?: number;
}

export interface RunState {
  readonly steps: ReadonlyMap<StepKey, StepState>;
  readonly debts: ReadonlyMap<DebtKey, DebtState>;
  readonly cancel: CancelMode | "none";
  /** It takes back what it did, and never goes on again. */
  readonly undoing?: true;
  readonly status?: RunStatus;
  /** What ended the run beside its steps. */
  readonly error?: ProviderError;
  readonly leftovers?: readonly Leftover[];
}

export const isOwed = (debt: DebtState): boolean => debt.state === "open" || debt.state === "paying";
