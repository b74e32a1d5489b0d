import type { Manifest, PlanIndex, ProviderError, RunState, RunSummary, Step } from "@quiesce/core";

export interface FailureFacts {
  readonly index: PlanIndex;
  readonly state: RunState;
  readonly summary: RunSummary;
  /** The set that the run made or worked on, as the catalogue has it now. */
  readonly set: Manifest | undefined;
  /** How to thaw each guest that may still be frozen. */
  readonly byHand: readonly string[];
}

/** What failed, on what, why; what is frozen now, what exists; and the next command. Empty for a run that is well. */
export const failureReport = (facts: FailureFacts): readonly string[] => {
  const { summary } = facts;
  const { status, frozen, held, leftovers } = summary;
  if (status === "succeeded" && frozen.length + held.length + leftovers.length === 0) return [];
  return [
    ...failures(facts),
    ...beside(facts),
    frozenNow(facts),
    ...heldNow(facts),
    ...leftOver(facts),
    existing(facts),
    ...unknown(facts),
    ...alarm(facts),
    next(summary),
  ];
};

const beside = ({ summary: { error } }: FailureFacts): readonly string[] =>
  error === undefined ? [] : [`Failed: ${error.message}`];

const failures = ({ index, state }: FailureFacts): readonly string[] =>
  [...index.steps.values()].flatMap((step) => {
    const end = state.steps.get(step.key)?.end;
    return end?.as === "failed" || end?.as === "in-doubt" ? failureLines(step, end.error, end.as) : [];
  });

const failureLines = (step: Step, error: ProviderError, as: "failed" | "in-doubt"): readonly string[] => {
  const [{ instance, providerId }] = step.targets;
  const request = error.providerRequestId === undefined ? "" : `, request ${error.providerRequestId}`;
  return [
    `${as === "failed" ? "Failed" : "In doubt"}: ${step.title}`,
    `  instance ${instance}, provider id ${providerId}${request}`,
    `  ${error.message}`,
  ];
};

const frozenNow = ({ summary }: FailureFacts): string =>
  `Frozen now: ${summary.frozen.length === 0 ? "none" : summary.frozen.join(", ")}.`;

const heldNow = ({ summary: { held } }: FailureFacts): readonly string[] =>
  held.length === 0
    ? []
    : [`Held now: ${held.join(", ")}. The provider may still run the backup job and keep its scratch space.`];

const leftOver = ({ summary: { leftovers } }: FailureFacts): readonly string[] =>
  leftovers.map(({ provider, kind, name, reason }) => `Left over: ${kind} ${name} at ${provider}: ${reason}`);

const existing = ({ summary, set }: FailureFacts): string => {
  if (summary.backup === undefined) return "No set was involved.";
  const { name, kind } = summary.backup;
  if (set === undefined) return `The ${kind} ${name} does not exist; nothing of it is kept.`;
  const usable = set.items.filter(({ status }) => status === "ok").map(({ instance }) => instance);
  return `The ${kind} ${name} exists${set.complete ? "" : ", not complete"}, with ${usable.length === 0 ? "nothing usable" : usable.join(", ")}.`;
};

/** A create that was abandoned may come true behind our back. */
const unknown = ({ index, state }: FailureFacts): readonly string[] => {
  const doubtful = [...index.steps.values()].filter(
    ({ key, operation }) => operation.endsWith(".create") && state.steps.get(key)?.end?.as === "in-doubt",
  );
  const names = doubtful.flatMap(({ targets }) => targets.map(({ instance }) => instance));
  return names.length === 0
    ? []
    : [
        `Not known: whether it was made all the same for ${names.join(", ")}. Look at the provider before you make it again.`,
      ];
};

const alarm = ({ summary, byHand }: FailureFacts): readonly string[] =>
  summary.frozen.length === 0
    ? []
    : ["ALARM: a guest may still be frozen. Thaw it by hand now:", ...byHand.map((line) => `  ${line}`)];

/** What waits for a hand comes first. */
const next = (summary: RunSummary): string => {
  const { runId, deployment, backup, frozen, held, leftovers } = summary;
  const owes = frozen.length + held.length > 0;
  const commands = [
    ...(owes ? [`quiesce recover ${runId} (tries again)`] : []),
    ...(leftovers.length > 0 ? ["quiesce leftovers list"] : []),
    `quiesce executions events ${runId}`,
    ...(backup === undefined ? [] : [`quiesce backups list ${deployment}`]),
  ];
  return `Next: ${commands.length === 1 ? commands.join("") : `${commands.slice(0, -1).join(", ")}, and ${commands.at(-1)}`}`;
};
