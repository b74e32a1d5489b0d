// The inventory of core's public API.
export type { Json, JsonObject } from "./model/json.ts";
export { asId } from "./model/id.ts";
export type {
  Account,
  BackupId,
  DebtKey,
  DeploymentId,
  Digest,
  Id,
  InstanceId,
  Instant,
  ProviderName,
  RunId,
  Site,
  StepKey,
  UnitId,
} from "./model/id.ts";
export { isSome } from "./model/some.ts";
export type { Some } from "./model/some.ts";
export { ok, resultOf } from "./model/result.ts";
export type { Problem, ProblemCode, Result } from "./model/result.ts";
export type { Schema, SchemaIssue, Validated } from "./model/schema.ts";
export type { RecoveryRecord } from "./model/recovery.ts";
export type { Artefact, Consistency, Drift, KeptPoint, Outcome, StoredFile, Survives } from "./model/artefact.ts";
export type { Call, Deployment, Instance, Provider, Quiesce, Relation } from "./model/deployment.ts";

export { kinds, operations, operationsOf, verbs, workflows } from "./vocabulary/operation.ts";
export type { BackupKind, InstanceKind, Kind, Operation, OperationOf, Verb, Workflow } from "./vocabulary/operation.ts";
export type { Input, Inputs, ParentSet, Remove, Restore } from "./vocabulary/inputs.ts";

export type { Capability, CellRef, Matrix, Mode, Restriction } from "./capability/capability.ts";
export {
  byCompare,
  bypassed,
  byVm,
  defineCapabilities,
  holding,
  noApi,
  notApplicable,
  supported,
} from "./capability/declare.ts";
export { cellOf, labelOf, lowered } from "./capability/cell.ts";

export type { Context, Lane, NameRule, OwnershipTag, Progress, WritingContext } from "./plugin/context.ts";
export type {
  Acted,
  CaptureHandler,
  CompareHandler,
  Handler,
  HoldingCaptureHandler,
  Kept,
  Polled,
  RevocableHandler,
  Sighting,
} from "./plugin/handler.ts";
export type { Handlers, NoHandlerAllowed } from "./plugin/handlers.ts";
export type { Attempt, Connection, Plugin, StepDriver } from "./plugin/plugin.ts";
export type { Runner, RunnerInput, RunnerSpec } from "./plugin/runner.ts";
export type { ConnectEnvironment, Finding, OwnedArtefact, OwnedBy, PluginSpec, Session } from "./plugin/spec.ts";
export { isSurvey } from "./plugin/survey.ts";
export type {
  Disk,
  GroupOperation,
  Harm,
  Move,
  RecoveryPoint,
  Risk,
  Survey,
  Surveyed,
  Unsurveyed,
} from "./plugin/survey.ts";
export type { Target } from "./plugin/target.ts";

export { isPayment, stepsOf } from "./plan/plan.ts";
export type {
  Chain,
  Covered,
  DebtSpec,
  Link,
  Omission,
  Payment,
  Plan,
  PlanBody,
  PlannedSet,
  PlannedTarget,
  PlanNote,
  Scope,
  Stage,
  Step,
} from "./plan/plan.ts";
export type { Facts, RepositoryFacts } from "./plan/facts.ts";
export { instancesToSurvey } from "./plan/instances-to-survey.ts";
export { plan } from "./plan/make.ts";
export { defaultOptions } from "./plan/options.ts";
export type { PlanOptions } from "./plan/options.ts";
export { byBackupId, chainOf } from "./retention/chain.ts";
export type { ChainLink, SetChain } from "./retention/chain.ts";
export { closureOf } from "./retention/closure-of.ts";
export type { RetentionPolicy } from "./retention/policy.ts";
export { prunePlan } from "./retention/prune-plan.ts";
export type { PrunePlan, PruneVerdict } from "./retention/prune-plan.ts";
export { flawOfSet } from "./retention/restorable-set.ts";
export { isSealed, makePlan, planCommit, planUndo, seal } from "./seal.ts";
export type { RevokeRequest } from "./plan/revoked.ts";
export { planMermaid } from "./plan-text/plan-mermaid.ts";
export { planTree } from "./plan-text/plan-tree.ts";
export type { TreeOptions } from "./plan-text/plan-tree.ts";

export type {
  CancelMode,
  Event,
  Leftover,
  Live,
  LiveBody,
  PaidBy,
  Recorded,
  RecordedBody,
  RecoverPolicy,
  RunStatus,
  SkipReason,
  StepEnd,
} from "./event/event.ts";
export { failure, isProviderFailure, ProviderFailure } from "./error/provider-error.ts";
export type { ProviderError, ProviderErrorCode, RetryAdvice } from "./error/provider-error.ts";
export { isQuiesceError, QuiesceError } from "./error/quiesce-error.ts";
export type { QuiesceErrorCode } from "./error/quiesce-error.ts";

export { definePlugin } from "./plugin/define-plugin.ts";
export { validate } from "./plugin/validate.ts";
export { artefactName, requestIdOf } from "./plugin/artefact-name.ts";

export { createFleet } from "./embedded/fleet.ts";
export type { FleetParts } from "./embedded/fleet.ts";
export { noRepository } from "./embedded/no-repository.ts";
export { payDebts, recoverRun } from "./embedded/recover-run.ts";
export type { PayRequest, RecoverRequest } from "./embedded/recover-run.ts";
export { startRun } from "./embedded/runtime.ts";
export type { RunRequest } from "./embedded/runtime.ts";
export type { RuntimeParts } from "./embedded/runtime-parts.ts";
export type { RunHandle } from "./embedded/working-run.ts";
export { surveyDeployment } from "./embedded/survey.ts";
export type { SurveyPorts } from "./embedded/survey.ts";
export { systemClock } from "./embedded/system-clock.ts";

export { admit, seenAfter } from "./run/admit.ts";
export type { Seen } from "./run/admit.ts";
export { apply, emptyFold, reduce } from "./run/apply.ts";
export type { RunFold } from "./run/apply.ts";
export type { ChainEnd, ChainWork, Engine, Window } from "./run/engine.ts";
export { lockKeysOf } from "./run/lock-keys.ts";
export { indexPlan } from "./run/plan-index.ts";
export type { PlanIndex } from "./run/plan-index.ts";
export { driveStep } from "./run/drive-step.ts";
export type { Drive } from "./run/drive.ts";
export { exitCodeOfError, exitCodeOfProblems, exitCodeOfProvider, exitCodeOfRun, exitCodes } from "./run/exit-code.ts";
export { createGate } from "./run/gate.ts";
export { statusOf, summarize } from "./run/summary.ts";
export type { Item, ItemStatus } from "./run/item.ts";
export type { RunSummary } from "./run/summary.ts";
export { project } from "./run/project.ts";
export type { Change } from "./run/change.ts";
export { runChain } from "./run/run-chain.ts";
export { runPlan } from "./run/run-plan.ts";
export { setMadeBy } from "./run/set-made-by.ts";
export type { SetKey } from "./run/set-made-by.ts";
export { isOwed } from "./run/run-state.ts";
export type { DebtState, RunState, StepState } from "./run/run-state.ts";

export type { Damage, Manifest, ManifestItem, RepositoryRef, SetCheck } from "./model/manifest.ts";
export type { Catalogue } from "./ports/catalogue.ts";
export type { Clock } from "./ports/clock.ts";
export type { Fleet } from "./ports/fleet.ts";
export type { Gate, Rank } from "./ports/gate.ts";
export type {
  DiskRange,
  DiskSource,
  FoundSet,
  KeptSet,
  PutDisk,
  Repository,
  RepositoryFolder,
  RepositoryPlace,
  RepositoryReader,
} from "./ports/repository.ts";
export { adoption } from "./ports/adoption.ts";
export type { Adopted, Adopter } from "./ports/adoption.ts";
export type { Begun, Claim, NewRun, RunRecord, SetNote, Store, TakenOver, TakeOver } from "./ports/store.ts";
export { fencedOff, nameTaken, runExists, unknownRun, unknownSet } from "./ports/store-error.ts";

export { memoryStore } from "./memory/memory-store.ts";
export type { MemoryStoreOptions } from "./memory/memory-store.ts";
