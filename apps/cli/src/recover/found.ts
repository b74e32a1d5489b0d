import type { DebtState, Harm, Step } from "@quiesce/core";
import { duration } from "../render/duration.ts";
import { workerName } from "../worker/worker-text.ts";
import { owedBy, type Unfinished } from "./unfinished.ts";

/** How a run was found, before anything of it was touched. */
export interface Found {
  readonly frozen: readonly Harmed[];
  /** Suspended, stopped or detached for the time of the run. */
  readonly harmed: readonly Harmed[];
  /** Jobs and scratch space that captures may still hold at a provider. */
  readonly held: readonly Harmed[];
  /** Steps that were begun and whose end nobody knows. */
  readonly inDoubt: readonly string[];
}

export interface Harmed {
  readonly instance: string;
  readonly harm: Harm;
  readonly since: string;
}

export const foundOf = (run: Unfinished): Found => {
  const owed = owedBy(run);
  const of = (wanted: (harm: Harm) => boolean): readonly Harmed[] =>
    owed.filter(({ spec }) => wanted(spec.harm)).map(harmed);
  return {
    frozen: of((harm) => harm === "frozen"),
    harmed: of((harm) => harm !== "frozen" && harm !== "held"),
    held: of((harm) => harm === "held"),
    inDoubt: inDoubt(run).map(({ key }) => key),
  };
};

const harmed = ({ spec, since }: DebtState): Harmed => ({ instance: spec.target.instance, harm: spec.harm, since });

const inDoubt = ({ index, state, record }: Unfinished): readonly Step[] =>
  record.settledAt !== undefined
    ? []
    : [...index.steps.values()].filter(({ key }) => {
        const step = state.steps.get(key);
        return step?.intendedAt !== undefined && (step.end === undefined || step.end.as === "in-doubt");
      });

/** `backup nightly (snapshot) of shop, run …`. */
export const nameOf = ({ index: { plan }, record }: Pick<Unfinished, "index" | "record">): string => {
  const set = plan.backup === undefined ? "" : ` ${plan.backup.name} (${plan.backup.kind})`;
  return `${plan.workflow}${set} of ${plan.deployment}, run ${record.run}`;
};

/** What a person wants to know first, in plain lines. */
export const foundLines = (run: Unfinished, nowMs: number): readonly string[] => {
  const found = foundOf(run);
  const ended = run.record.settledAt !== undefined;
  const who = workerName(run.record.worker);
  const why = ended ? `It ended as ${run.record.status}, and owes something.` : `Its process is gone: ${who}.`;
  const since = ({ instance, harm, since: at }: Harmed): string =>
    `${instance} (${harm} for ${duration(Math.max(0, nowMs - Date.parse(at)))})`;
  const list = (what: string, all: readonly string[]): readonly string[] =>
    all.length === 0 ? [] : [`  ${what}: ${all.join(", ")}`];
  return [
    `${nameOf(run)}. ${why}`,
    ...list("may be frozen", found.frozen.map(since)),
    ...list("may be out of order", found.harmed.map(since)),
    ...list(
      "may be held at the provider",
      found.held.map(({ instance }) => instance),
    ),
    ...list("in doubt", found.inDoubt),
  ];
};
