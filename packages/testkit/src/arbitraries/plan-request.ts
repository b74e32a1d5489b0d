import type { Deployment, Facts, PlanOptions, Workflow } from "@quiesce/core";

/** All that a plan is made from. */
export interface PlanRequest {
  readonly workflow: Workflow;
  readonly deployment: Deployment;
  readonly facts: Facts;
  readonly options: PlanOptions;
}

/**
 * `sane`: what users mean, most of it can be planned. `wild`: whatever the types allow: circles, dangling names,
 * names that objects inherit, matrices that make no sense.
 */
export type Wildness = "sane" | "wild";
