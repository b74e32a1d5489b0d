import type { Capability } from "../capability/capability.ts";
import type { Problem } from "../model/result.ts";
import type { Operation } from "../vocabulary/operation.ts";
import type { Omission, PlanNote } from "./plan.ts";
import type { Member } from "./member.ts";

/** What planning found beside the steps. Planning goes on after a problem, so that the user gets all of them at once. */
export interface Findings {
  readonly problems: Problem[];
  readonly omitted: Omission[];
  readonly notes: PlanNote[];
}

export const noFindings = (): Findings => ({ problems: [], omitted: [], notes: [] });

/** Says that an operation of an instance is not done. */
export const omit = (
  findings: Findings,
  member: Member,
  operation: Operation,
  mode: Capability["mode"] | "bound",
  why: Omission["why"],
  reason: string,
): void => {
  findings.omitted.push({ instance: member.id, kind: member.target.kind, operation, mode, reason, why });
};

/** `what`, and why each instance that could have been worked on is left out. */
export const withReasons = (what: string, { omitted }: Findings): string =>
  [what, ...omitted.map(({ instance, reason }) => `${instance}: ${reason}.`)].join(" ");
