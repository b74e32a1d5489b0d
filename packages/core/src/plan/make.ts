import type { Deployment } from "../model/deployment.ts";
import { resultOf, type Problem, type Result } from "../model/result.ts";
import type { Workflow } from "../vocabulary/operation.ts";
import { bodyOf } from "./body.ts";
import { draftBackup } from "./backup.ts";
import { byText } from "./by-text.ts";
import { checkOptions } from "./check-options.ts";
import type { Draft } from "./draft.ts";
import type { Facts } from "./facts.ts";
import type { PlanOptions } from "./options.ts";
import type { PlanBody } from "./plan.ts";
import { draftRemoveBackup } from "./remove-backup.ts";
import { draftRestore } from "./restore.ts";
import { draftResume } from "./resume.ts";
import { draftSuspend } from "./suspend.ts";
import { startPlanning, type Planning } from "./world.ts";

/**
 * Decides everything that a run will do, before it does anything. Pure and total: it asks nobody, never throws, and
 * gives every problem at once. The same input in another order gives the same plan.
 */
export const plan = (
  workflow: Workflow,
  deployment: Deployment,
  facts: Facts,
  options: PlanOptions,
): Result<PlanBody> => {
  const planning = startPlanning(workflow, deployment, facts, options);
  checkOptions(planning);
  const draft = draftOf(planning);
  return resultOf(planning.findings.problems.sort(byInstance), () => bodyOf(planning, draft));
};

const byInstance = (a: Problem, b: Problem): number =>
  byText(a.instance ?? "", b.instance ?? "") || byText(a.code, b.code) || byText(a.message, b.message);

const draftOf = (planning: Planning): Draft => {
  switch (planning.world.workflow) {
    case "suspend":
      return draftSuspend(planning);
    case "resume":
      return draftResume(planning);
    case "backup":
      return draftBackup(planning);
    case "restore":
      return draftRestore(planning);
    case "remove_backup":
      return draftRemoveBackup(planning);
  }
};
