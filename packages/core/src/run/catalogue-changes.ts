import type { Recorded } from "../event/event.ts";
import type { Consistency, Outcome } from "../model/artefact.ts";
import { asId, type BackupId, type StepKey } from "../model/id.ts";
import type { DebtSpec, PlannedTarget, Step } from "../plan/plan.ts";
import type { ManifestItem } from "../model/manifest.ts";
import { isCovered } from "./covered.ts";
import { isWhole } from "./items.ts";
import { notesOf } from "./notes-of.ts";
import type { PlanIndex } from "./plan-index.ts";
import type { Change } from "./change.ts";
import type { RunState } from "./run-state.ts";

/** How an event changes the catalogue: a set appears with its first capture and goes with its last item. */
export const catalogueChanges = (run: PlanIndex, state: RunState, event: Recorded): readonly Change[] => {
  const { plan } = run;
  if (plan.backup === undefined) return [];
  if (plan.workflow === "backup")
    return changesOfBackup(run, state, event, plan.backup.id ?? asId<BackupId>(event.run));
  if (plan.workflow === "remove_backup" && plan.backup.id !== undefined && event.type === "step.ended") {
    const { id } = plan.backup;
    const step = run.steps.get(event.step);
    if (step === undefined || event.end.as !== "succeeded" || !step.operation.endsWith(".remove")) return [];
    return dropItems(id, step);
  }
  return [];
};

const isWholeSet = (run: PlanIndex, state: RunState, { status, error }: Extract<Recorded, { type: "run.settled" }>) =>
  status === "succeeded" || (status === "partial" && error === undefined && isWhole(run, state));

const changesOfBackup = (run: PlanIndex, state: RunState, event: Recorded, id: BackupId): readonly Change[] => {
  if (event.type === "run.settled") return isWholeSet(run, state, event) ? [{ what: "complete-backup", id }] : [];
  if (event.type === "step.undone") return takenBack(run, id, event.step);
  if (event.type === "step.ended") {
    const items = itemsMadeBy(run, state, event).map((item): Change => ({ what: "put-item", id, item }));
    return items.length === 0 ? [] : [header(run, event, id), ...items];
  }
  const spec = event.type === "debt.paid" ? state.debts.get(event.debt)?.spec : undefined;
  if (spec === undefined) return [];
  if (spec.harm === "held") return changesOfRelease(run, state, id, spec);
  // Only of what is listed: it may have been taken back before the guest was thawed.
  return itemsInWindow(run, state, spec).map((item): Change => ({ what: "amend-item", id, item }));
};

const takenBack = ({ steps }: PlanIndex, id: BackupId, key: StepKey): readonly Change[] => {
  const step = steps.get(key);
  return step !== undefined && isCreate(step) ? dropItems(id, step) : [];
};

/** A release of a capture that never became whole took all that was made for it: nothing of it is left to be listed. */
const changesOfRelease = (run: PlanIndex, state: RunState, id: BackupId, spec: DebtSpec): readonly Change[] => {
  const { completes } = spec.pay;
  const capture = run.captureOf.get(spec.target.instance);
  if (capture === undefined || completes === undefined) return [];
  return state.steps.get(completes)?.end?.as === "succeeded" ? [] : dropItems(id, capture);
};

const dropItems = (id: BackupId, { targets, covers }: Step): readonly Change[] => [
  ...[...targets, ...covers].map(({ instance }): Change => ({ what: "drop-item", id, instance })),
  { what: "drop-empty-backup", id },
];

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
    ...(plan.backup?.repository === undefined ? {} : { repository: plan.backup.repository }),
  },
});

/** Rows of a create's targets and of what it covered. */
const itemsMadeBy = (
  run: PlanIndex,
  state: RunState,
  { step: key, end }: Extract<Recorded, { type: "step.ended" }>,
): readonly ManifestItem[] => {
  const step = run.steps.get(key);
  return step !== undefined && isCreate(step) && end.as === "succeeded" ? itemsFor(run, state, step, end.outcome) : [];
};

/** Rows whose window a payment ended: they tell its length. */
const itemsInWindow = (run: PlanIndex, state: RunState, { target }: DebtSpec): readonly ManifestItem[] => {
  const capture = run.captureOf.get(target.instance);
  if (capture === undefined) return [];
  // Where the bytes are whole already, their end says more than the capture's did.
  const complete = run.completeOf.get(capture.key);
  const whole = complete && state.steps.get(complete.key)?.end;
  const end = whole?.as === "succeeded" ? whole : state.steps.get(capture.key)?.end;
  return end?.as === "succeeded" ? itemsFor(run, state, capture, end.outcome) : [];
};

const isCreate = ({ does, operation }: Step): boolean =>
  operation.endsWith(".create") && does !== "prepare" && does !== "release";

const itemsFor = (run: PlanIndex, state: RunState, step: Step, outcome: Outcome): readonly ManifestItem[] => {
  const consistency: Consistency = outcome.consistency ?? "crash";
  const [owner] = step.targets;
  const windowMs = windowOf(run, state, owner);
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
      ...pick(step, outcome),
    })),
    ...step.covers
      .filter((covered) => isCovered(step, covered, outcome))
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

const pick = (step: Step, outcome: Outcome): Pick<ManifestItem, "base" | "parent" | "notes"> => {
  const { base, parent } = outcome;
  const notes = notesOf(step, outcome);
  return {
    ...(base === undefined ? {} : { base }),
    ...(parent === undefined ? {} : { parent }),
    ...(notes.length === 0 ? {} : { notes }),
  };
};

const windowOf = (run: PlanIndex, state: RunState, { instance }: PlannedTarget): number | undefined => {
  const freeze = run.freezeOf.get(instance);
  return freeze === undefined ? undefined : state.debts.get(freeze)?.heldMs;
};
