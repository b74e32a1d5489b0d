import type { PlanBody, Stage } from "./plan.ts";
import type { Member } from "./member.ts";

/** What a workflow makes of its members; the rest of a plan is the same for all. */
export interface Draft {
  readonly stages: readonly Stage[];
  /** Whose survey the plan was made from. */
  readonly members: readonly Member[];
  readonly backup?: NonNullable<PlanBody["backup"]>;
}
