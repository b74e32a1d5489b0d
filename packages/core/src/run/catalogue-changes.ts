import type { Recorded, StepEnd } from "../event/event.ts";
import type { Consistency, Outcome } from "../model/artefact.ts";
import { asId, type BackupId } from "../model/id.ts";
import type { PlannedTarget, Step } from "../plan/plan.ts";
import type { ManifestItem } from "../model/manifest.ts";
import type { PlanIndex } from "./plan-index.ts";
import type { Change } from "./project.ts";
import type { RunState } from "./run-state.ts";

/** How an event changes the catalogue: a set appears with its first capture and goes with its last item. */
export const catalogueChanges = (run: PlanIndex, state: RunState, event: Recorded): readonly Change[] => {
  const { plan } = run;
  if (plan.backup === undefined) return [];
  if (plan.workflow === "backup") {
    const id = plan.backup.id ?? asId<BackupId>(event.run);
    if (event.type === "run.settled") return event.status === "succeeded" ? [{ what: "complete-backup", id }] : [];
    if (event.type !== "step.ended") return [];
    const items = itemsOf(run, state, event.step, event.end);
    return items.length === 0
      ? []
      : [header(run, event, id), ...items.map((item): Change => ({ what: "put-item", id, item }))];
  }
  if (plan.workflow === "remove_backup" && plan.backup.id !== undefined && event.type === "step.ended") {
    const { id } = plan.backup;
    const step = run.steps.get(event.step);
    if (step === undefined || event.end.as !== "succeeded" || !step.operation.endsWith(".remove")) return [];
    const gone = [...step.targets, ...step.covers];
    return [
      ...gone.map(({ instance }): Change => ({ what: "drop-item", id, instance })),
      { what: "drop-empty-backup", id },
    ];
  }
  return [];
};

const header = ({ plan }: PlanIndex, event: Recorded, id: BackupId): Change => ({
  what: "add-backup",
  manifest: {
    schema: "quiesce.backup/1",
    id,
    name: plan.backup?.name ?? "",
    kind: plan.backup?.kind ?? "backup",
    deployment: plan.deployment,
    run: event.run,
    createdAt: event.at,
    complete: false,
  },
});

/** Rows of the set after a step ended: of a create its targets and what it covered; of a payment the window's length. */
const itemsOf = (run: PlanIndex, state: RunState, key: Step["key"], end: StepEnd): readonly ManifestItem[] => {
  const step = run.steps.get(key);
  if (step === undefined || end.as !== "succeeded") return [];
  if (step.does === "pay") {
    const capture = run.captureOf.get(step.targets[0].instance);
    const captured = capture && state.steps.get(capture.key)?.end;
    return capture && captured?.as === "succeeded" ? itemsFor(run, state, capture, captured.outcome) : [];
  }
  return step.operation.endsWith(".create") ? itemsFor(run, state, step, end.outcome) : [];
};

const itemsFor = (run: PlanIndex, state: RunState, step: Step, outcome: Outcome): readonly ManifestItem[] => {
  const consistency: Consistency = outcome.consistency ?? "crash";
  const [owner] = step.targets;
  const windowMs = windowOf(state, owner);
  const completing = step.does === "complete" ? undefined : run.completeOf.get(step.key);
  const bytesDue = completing !== undefined && state.steps.get(completing.key)?.end?.as !== "succeeded";
  const common = {
    ...(step.provider === undefined ? {} : { provider: step.provider }),
    status: bytesDue ? ("captured" as const) : ("ok" as const),
    consistency,
    ...(windowMs === undefined ? {} : { freezeWindowMs: windowMs }),
  };
  return [
    ...step.targets.map(({ instance, kind, providerId }): ManifestItem => ({
      ...common,
      instance,
      kind,
      providerId,
      artefacts: outcome.artefacts,
      saved: outcome.saved,
    })),
    ...step.covers
      .filter(({ providerId }) => outcome.covered.includes(providerId))
      .map(({ instance, kind, providerId }): ManifestItem => ({
        ...common,
        instance,
        kind,
        providerId,
        artefacts: [],
        saved: {},
        coveredBy: owner.instance,
      })),
  ];
};

const windowOf = (state: RunState, { instance }: PlannedTarget): number | undefined => {
  for (const { spec, heldMs } of state.debts.values())
    if (spec.target.instance === instance && spec.harm === "frozen") return heldMs;
  return undefined;
};
