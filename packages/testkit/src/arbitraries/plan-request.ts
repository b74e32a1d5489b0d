import type { Deployment, Facts, PlanOptions, Workflow } from "@quiesce/core";

/** All that a plan is made from. */
export interface PlanRequest {
  readonly workflow: Workflow;
  readonly deployment: Deployment;
  readonly facts: Facts;
  readonly options: PlanOptions;
}

/**
 * `sane`: what users mean, nearly all of it can be planned. `odd`: well-formed, but with strange tables, objects under
 * two names, disks that nobody takes and cells that are lowered; a part of it can be planned. `wild`: whatever the types
 * allow: circles, dangling names, names that objects inherit, durations that are none; next to nothing can.
 */
export type Wildness = "sane" | "odd" | "wild";
