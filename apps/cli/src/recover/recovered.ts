import {
  exitCodeOfRun,
  exitCodes,
  type Item,
  type ProviderError,
  type QuiesceErrorCode,
  type RecoverPolicy,
  type RunSummary,
} from "@quiesce/core";
import { exitCodeOfSignal, type StopSignal } from "../signals/interruption.ts";
import type { Unfinished } from "./unfinished.ts";

/** What was done about one run. */
export type Recovered = {
  readonly run: Unfinished;
  /** What the run is now. */
  readonly summary: RunSummary;
} & (
  | {
      readonly did: "continued" | "taken-back";
      readonly timedOut: boolean;
      readonly stoppedBy: StopSignal | undefined;
    }
  /** It only owed something, or nothing else was asked for. */
  | { readonly did: "debts-paid" }
  /** `exitCode`: why it was left, where that is no success. */
  | {
      readonly did: "left";
      readonly reason: string;
      readonly hint?: string;
      readonly exitCode: number;
      readonly code?: QuiesceErrorCode | ProviderError["code"];
    }
);

export const didOf: Readonly<Record<RecoverPolicy, "continued" | "taken-back">> = {
  continue: "continued",
  compensate: "taken-back",
};

export const exitCodeOfRecovered = (one: Recovered): number => {
  const { summary, run } = one;
  // What a living run has frozen just now is its own business.
  if (one.did === "left" && run.life.is !== "gone") return one.exitCode;
  if (summary.frozen.length > 0) return exitCodes.mayBeFrozen;
  if (summary.held.length > 0 || summary.leftovers.length > 0) return exitCodes.leftovers;
  switch (one.did) {
    case "left":
      return one.exitCode;
    case "debts-paid":
      return exitCodes.done;
    case "taken-back":
      return isTakenBack(summary) ? exitCodes.done : exitCodeOfRun(summary);
    case "continued":
      return summary.status === "succeeded" ? exitCodes.done : (codeOfStop(one) ?? exitCodeOfRun(summary));
  }
};

/** What ended this command before the run was done; a run that was cancelled earlier is told by its own code. */
const codeOfStop = ({ stoppedBy, timedOut }: Extract<Recovered, { did: "continued" | "taken-back" }>) => {
  if (stoppedBy !== undefined) return exitCodeOfSignal(stoppedBy);
  return timedOut ? exitCodes.deadline : undefined;
};

/** Nothing that the run did is there any more. A freeze with its thaw, and a comparison, leave nothing. */
const isTakenBack = ({ instances, error, status }: RunSummary): boolean =>
  status !== "running" &&
  error === undefined &&
  !instances.some((item) => (item.status === "succeeded" || item.status === "degraded") && isWork(item));

const isWork = ({ operation, mode }: Item): boolean =>
  operation !== "freeze" && operation !== "thaw" && mode !== "by-compare";

/** A guest that may be frozen wins, then what is left at a provider, then damage; then what was not done. */
const precedence: readonly number[] = [
  exitCodes.mayBeFrozen,
  exitCodes.leftovers,
  exitCodes.damaged,
  exitCodes.failed,
  exitCodes.partial,
  exitCodes.unauthenticated,
  exitCodes.consistency,
  exitCodes.deadline,
  exitCodes.usage,
  exitCodes.refused,
  exitCodes.notFound,
  exitCodes.locked,
  exitCodes.unconfirmed,
];

/** The worst of several; one that is not in the list (a signal) comes before a plain success. */
export const worstOf = (codes: readonly number[]): number =>
  precedence.find((code) => codes.includes(code)) ?? codes.find((code) => code !== exitCodes.done) ?? exitCodes.done;
