import type { ProviderError } from "../error/provider-error.ts";
import type { Drift, Outcome } from "../model/artefact.ts";
import type { DebtKey, Digest, Instant, ProviderName, RunId, StepKey } from "../model/id.ts";
import type { Json } from "../model/json.ts";
import type { DebtSpec } from "../plan/plan.ts";

/** How a step ended. `in-doubt`: abandoned at its deadline, the effect may have happened. */
export type StepEnd =
  | { readonly as: "succeeded"; readonly outcome: Outcome }
  | { readonly as: "compared"; readonly drift: readonly Drift[] }
  | { readonly as: "failed"; readonly error: ProviderError }
  | { readonly as: "in-doubt"; readonly error: ProviderError }
  | { readonly as: "skipped"; readonly reason: SkipReason };

export type SkipReason = "doomed" | "cancelled" | "nothing-owed";

export type RunStatus = "succeeded" | "partial" | "failed" | "cancelled";
/**
 * What becomes of a run whose process died, after its debts are paid. `continue`: it goes on where it was.
 * `compensate`: what it did is taken back, as far as that is possible.
 */
export type RecoverPolicy = "continue" | "compensate";

/** What a run made, and neither keeps nor could remove. */
export interface Leftover {
  readonly provider: ProviderName;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly reason: string;
}

export type CancelMode = "soft" | "hard";
export type PaidBy = "step" | "watchdog" | "recovery";

/** What the journal keeps, in order. */
export type Recorded = { readonly at: Instant; readonly run: RunId } & RecordedBody;

export type RecordedBody =
  | { readonly type: "run.started"; readonly plan: Digest }
  /** `error`: what ended the run beside its steps; its set could not be written down where its bytes lie. */
  | {
      readonly type: "run.settled";
      readonly status: RunStatus;
      readonly error?: ProviderError;
      readonly leftovers?: readonly Leftover[];
    }
  /** From here on the run takes back what it did: it never goes on again. */
  | { readonly type: "run.undoing" }
  /** Another process took the run over. `debts`: it only pays what is owed. */
  | { readonly type: "run.recovering"; readonly worker: string; readonly policy: RecoverPolicy | "debts" }
  | { readonly type: "run.cancel"; readonly mode: CancelMode }
  /** Synced before the call. `debt` is what the call will owe. */
  | {
      readonly type: "step.intended";
      readonly step: StepKey;
      readonly attempt: number;
      readonly epoch: number;
      readonly debt?: DebtSpec;
    }
  | { readonly type: "step.ticketed"; readonly step: StepKey; readonly ticket: Json }
  | {
      readonly type: "step.retrying";
      readonly step: StepKey;
      readonly attempt: number;
      readonly error: ProviderError;
      readonly afterMs: number;
    }
  | {
      readonly type: "step.ended";
      readonly step: StepKey;
      readonly epoch: number;
      readonly end: StepEnd;
      readonly tookMs: number;
    }
  /** What the step did was taken back; `epoch`: of what was taken back. */
  | { readonly type: "step.undone"; readonly step: StepKey; readonly epoch: number }
  | { readonly type: "debt.paying"; readonly debt: DebtKey; readonly by: PaidBy; readonly attempt: number }
  /** `heldMs`: from the proof of the harm to the proof of the payment, by one process's monotonic clock. */
  | { readonly type: "debt.paid"; readonly debt: DebtKey; readonly by: PaidBy; readonly heldMs?: number }
  /** Nothing was owed after all: a look showed that the harm was never done. */
  | { readonly type: "debt.void"; readonly debt: DebtKey }
  | {
      readonly type: "debt.failed";
      readonly debt: DebtKey;
      readonly by: PaidBy;
      readonly attempt: number;
      readonly error: ProviderError;
    };

/** What is shown and forgotten. */
export type Live = { readonly at: Instant; readonly run: RunId } & LiveBody;

export type LiveBody =
  | { readonly type: "step.started"; readonly step: StepKey }
  | {
      readonly type: "step.progress";
      readonly step: StepKey;
      readonly done: number;
      readonly total?: number;
      readonly unit: string;
    }
  | { readonly type: "step.waiting"; readonly step: StepKey; readonly on: "limit" | "poll" | "retry" };

export type Event = Recorded | Live;
