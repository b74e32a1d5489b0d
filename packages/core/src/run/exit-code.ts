import type { Problem, ProblemCode } from "../model/result.ts";
import type { ProviderError } from "../error/provider-error.ts";
import type { QuiesceErrorCode } from "../error/quiesce-error.ts";
import type { RunSummary } from "./summary.ts";

/** What each exit code means; documented and stable. An unknown code must be taken for a failure. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  changes: 4,
  refused: 5,
  damaged: 6,
  unconfirmed: 7,
  locked: 8,
  notFound: 9,
  unauthenticated: 10,
  deadline: 11,
  consistency: 12,
  leftovers: 13,
  mayBeFrozen: 20,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/**
 * A guest that may be frozen wins over everything else, then what is left at a provider, then damage: each
 * wants a hand, whatever else the run came to.
 */
export const exitCodeOfRun = (
  {
    status,
    frozen,
    held,
    leftovers,
    instances,
  }: Pick<RunSummary, "status" | "frozen" | "held" | "leftovers" | "instances">,
  allow: { readonly drift?: boolean } = {},
): number => {
  if (frozen.length > 0) return exitCodes.mayBeFrozen;
  if (held.length > 0 || leftovers.length > 0) return exitCodes.leftovers;
  if (instances.some(({ code }) => code === "damaged")) return exitCodes.damaged;
  switch (status) {
    case "succeeded":
      return exitCodes.done;
    case "partial":
    case "failed": {
      const bad = instances.filter((item) => item.status !== "succeeded" && item.status !== "skipped");
      if (allow.drift === true && bad.every((item) => item.status === "drifted")) return exitCodes.done;
      if (bad.length > 0 && bad.every((item) => item.status === "drifted")) return exitCodes.partial;
      if (bad.length > 0 && bad.every((item) => item.status === "degraded")) return exitCodes.consistency;
      return status === "partial" ? exitCodes.partial : exitCodes.failed;
    }
    case "cancelled":
      return exitCodes.interrupted;
    case "running":
      return exitCodes.failed;
  }
};

const ofProblem: Readonly<Record<ProblemCode, number>> = {
  "config-invalid": exitCodes.usage,
  "unknown-plugin": exitCodes.usage,
  "unknown-runner": exitCodes.usage,
  "unknown-instance": exitCodes.notFound,
  "empty-selection": exitCodes.usage,
  "not-found": exitCodes.notFound,
  ambiguous: exitCodes.notFound,
  "name-taken": exitCodes.notFound,
  unsupported: exitCodes.refused,
  uncovered: exitCodes.refused,
  "consistency-unreachable": exitCodes.consistency,
  "freeze-without-thaw": exitCodes.usage,
  "window-too-long": exitCodes.consistency,
  cycle: exitCodes.usage,
  "unit-spans-sites": exitCodes.usage,
  damaged: exitCodes.damaged,
  "no-room": exitCodes.failed,
  protected: exitCodes.refused,
  "needs-permission": exitCodes.refused,
  "stale-plan": exitCodes.refused,
};

/** The first problem decides: planning lists them in order of weight. */
export const exitCodeOfProblems = (problems: readonly Problem[]): number =>
  problems[0] === undefined ? exitCodes.failed : ofProblem[problems[0].code];

const ofError: Readonly<Record<QuiesceErrorCode, number>> = {
  usage: exitCodes.usage,
  refused: exitCodes.refused,
  "not-found": exitCodes.notFound,
  locked: exitCodes.locked,
  unreachable: exitCodes.failed,
  unauthenticated: exitCodes.unauthenticated,
  unconfirmed: exitCodes.unconfirmed,
  "newer-store": exitCodes.usage,
  damaged: exitCodes.damaged,
  deadline: exitCodes.deadline,
  fenced: exitCodes.locked,
};

export const exitCodeOfError = (code: QuiesceErrorCode): number => ofError[code];

export const exitCodeOfProvider = ({ code }: ProviderError): number => {
  if (code === "unauthenticated" || code === "forbidden") return exitCodes.unauthenticated;
  if (code === "damaged") return exitCodes.damaged;
  return code === "not-found" ? exitCodes.notFound : exitCodes.failed;
};
