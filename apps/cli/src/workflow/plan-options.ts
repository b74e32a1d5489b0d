import { asId, defaultOptions, QuiesceError, type InstanceId, type Manifest, type PlanOptions } from "@quiesce/core";
import type { ReadDeployment } from "@quiesce/deployment";
import type { Settings } from "../config/settings.ts";
import type { WorkflowFlags } from "./workflow-flags.ts";

/** What planning is asked for. `name` and `from` come from the catalogue; all else from flags and settings. */
export const planOptions = (
  flags: WorkflowFlags,
  settings: Settings,
  tuning: ReadDeployment["tuning"],
  set: { readonly name: string; readonly from?: Manifest },
): PlanOptions => ({
  ...defaultOptions,
  scope: settings.consistency,
  kind: set.from?.kind ?? settings.kind,
  name: set.name,
  include: flags.includeInstances === undefined ? "all" : ids(flags.includeInstances),
  exclude: ids(flags.excludeInstances ?? []),
  quiesce: quiesceOf(flags, settings),
  allowUncaptured: flags.allowUncaptured ?? [],
  allowSkip: flags.allowSkip === true,
  allowMixedTime: flags.allowMixedTime === true,
  freezeDeadlineMs: settings.freezeDeadlineMs,
  timeoutMs: timeoutsOf(tuning),
  incremental: incrementalOf(flags, settings),
  ...asOf(flags),
  ...(set.from === undefined ? {} : { from: set.from }),
});

/** A plan has one deadline for each kind of step: where providers differ, the longest counts, so that none is cut short. */
const timeoutsOf = (tuning: ReadDeployment["tuning"]): PlanOptions["timeoutMs"] => {
  const longest: Record<string, number> = {};
  for (const { timeoutMs } of Object.values(tuning))
    for (const [step, ms] of Object.entries(timeoutMs)) longest[step] = Math.max(ms, longest[step] ?? 0);
  return { ...defaultOptions.timeoutMs, ...longest };
};

const ids = (names: readonly string[]): readonly InstanceId[] => names.map((name) => asId<InstanceId>(name));

const quiesceOf = ({ allowDegraded }: WorkflowFlags, { quiesce }: Settings): PlanOptions["quiesce"] => {
  if (allowDegraded !== true) return quiesce;
  if (quiesce === "required")
    throw new QuiesceError("usage", "--quiesce required and --allow-degraded contradict each other.", {
      hint: "Leave one of them out.",
    });
  return quiesce === "auto" ? "try" : quiesce;
};

/** With a snapshot it would be silently without effect, so it is refused. */
const incrementalOf = ({ incremental }: WorkflowFlags, { kind }: Settings): boolean => {
  if (incremental === true && kind === "snapshot")
    throw new QuiesceError("usage", "--incremental belongs to --kind backup.", {
      hint: "A snapshot stays at the provider, as a difference to its parent.",
    });
  return incremental === true;
};

const asOf = ({ as, connect }: WorkflowFlags): Pick<PlanOptions, "as"> => {
  if (as !== undefined) return { as: { name: as, connect: connect === true } };
  if (connect === true)
    throw new QuiesceError("usage", "--connect belongs to --as.", {
      hint: "A machine that is restored in place keeps its networks as they were.",
    });
  return {};
};
