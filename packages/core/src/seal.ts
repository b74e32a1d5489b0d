import { createHash } from "node:crypto";
import type { Deployment } from "./model/deployment.ts";
import { asId, type Digest } from "./model/id.ts";
import { ok, type Result } from "./model/result.ts";
import type { Facts } from "./plan/facts.ts";
import { commitBody } from "./plan/commit.ts";
import { plan } from "./plan/make.ts";
import type { PlanOptions } from "./plan/options.ts";
import type { Plan, PlanBody } from "./plan/plan.ts";
import type { RevokeRequest } from "./plan/revoked.ts";
import { undoBody } from "./plan/undo.ts";
import type { Workflow } from "./vocabulary/operation.ts";

/** Gives a plan its digest. A plan that was written as JSON and read again has the same one. */
export const seal = (body: PlanBody): Plan => ({ ...body, digest: digestOf(body) });

/** Is this plan what it was when it was sealed? `apply` refuses one that was edited. */
export const isSealed = ({ digest, ...body }: Plan): boolean => digestOf(body) === digest;

/** Makes and seals a plan: every problem at once, or the plan. */
export const makePlan = (
  workflow: Workflow,
  deployment: Deployment,
  facts: Facts,
  options: PlanOptions,
): Result<Plan> => sealed(plan(workflow, deployment, facts, options));

/** Plans and seals how a restore is taken back: every problem at once, or the plan. */
export const planUndo = (
  request: RevokeRequest,
  deployment: Deployment,
  facts: Facts,
  options: PlanOptions,
): Result<Plan> => sealed(undoBody(request, deployment, facts, options));

/** Plans and seals how a restored state is kept for good, and what was before it removed. */
export const planCommit = (
  request: RevokeRequest,
  deployment: Deployment,
  facts: Facts,
  options: PlanOptions,
): Result<Plan> => sealed(commitBody(request, deployment, facts, options));

const sealed = (made: Result<PlanBody>): Result<Plan> => (made.ok ? ok(seal(made.value)) : made);

/**
 * Over the plain JSON text: `JSON.parse` keeps the order of keys, so a plan that was written and read again has the
 * same digest, and 10,000 instances take a tenth of the time that sorting every object's keys takes.
 */
const digestOf = (body: PlanBody): Digest =>
  asId<Digest>(`sha256:${createHash("sha256").update(JSON.stringify(body)).digest("hex")}`);
