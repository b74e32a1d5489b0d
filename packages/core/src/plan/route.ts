import type { CellRef } from "../capability/capability.ts";
import type { Call } from "../model/deployment.ts";
import type { InstanceId } from "../model/id.ts";
import type { Some } from "../model/some.ts";
import type { Operation } from "../vocabulary/operation.ts";
import { effectiveCell } from "./cell.ts";
import { omit } from "./findings.ts";
import type { Member } from "./member.ts";
import type { Planning } from "./world.ts";

/** How an operation of an instance gets done. */
export type Route =
  | { readonly by: "provider" }
  | { readonly by: "compare" }
  | { readonly by: "calls"; readonly calls: Some<Call> }
  | { readonly by: "vm" }
  | { readonly by: "other-cell"; readonly via: CellRef; readonly reason: string };

export interface Routed {
  readonly member: Member;
  readonly route: Route;
}

/**
 * The route of each member that has one; the others are in the findings, unless their kind has no such column.
 * `withMachine`: volumes that their machine's step does, whatever their own cell could do.
 */
export const routesOf = (
  planning: Planning,
  members: readonly Member[],
  operation: Operation,
  withMachine: ReadonlySet<InstanceId> = new Set(),
): readonly Routed[] =>
  members.flatMap((member) => {
    const route = routeOf(planning, member, operation, withMachine.has(member.id));
    return route === undefined ? [] : [{ member, route }];
  });

const routeOf = (planning: Planning, member: Member, operation: Operation, withMachine: boolean): Route | undefined => {
  const { world, findings } = planning;
  const cell = effectiveCell(world, member, operation);
  if (cell.is === "no-column") return undefined;
  if (cell.is === "no-table") {
    reportNoTable(planning, member, cell.provider);
    return undefined;
  }
  if (cell.is === "unbound") {
    if (member.target.kind === "other" || operationIsOf(member, operation))
      omit(findings, member, operation, "not-applicable", "absent", `nothing is bound to ${operation}`);
    return undefined;
  }
  if (member.instance.skip.includes(operation)) {
    const mode = cell.is === "bound" ? "bound" : cell.now.mode;
    omit(findings, member, operation, mode, "allowed", `the deployment skips ${operation} of ${member.id}`);
    return undefined;
  }
  if (cell.is === "bound") return callsOf(planning, member, operation, cell.calls);
  if (withMachine && cell.now.mode !== "bypassed") return { by: "vm" };
  switch (cell.now.mode) {
    case "supported":
      return { by: "provider" };
    case "by-compare":
      return { by: "compare" };
    case "by-vm":
      return { by: "vm" };
    case "bypassed":
      return { by: "other-cell", via: cell.now.via, reason: cell.now.reason };
    case "not-applicable":
      omit(findings, member, operation, "not-applicable", "absent", cell.now.reason);
      return undefined;
    case "no-api":
      refuse(planning, member, operation, cell.now.reason, cell.fix);
      return undefined;
  }
};

const operationIsOf = ({ target }: Member, operation: Operation): boolean =>
  target.kind === "vm" || operation.includes(".");

/** An operation that cannot be done: a problem, or an omission where the user allowed it. */
export const refuse = (
  { world, findings }: Planning,
  member: Member,
  operation: Operation,
  reason: string,
  fix?: string,
): void => {
  if (world.options.allowSkip) return omit(findings, member, operation, "no-api", "allowed", reason);
  findings.problems.push({
    code: "unsupported",
    instance: member.id,
    message: `${operation} of ${member.target.kind} ${member.id} is not possible: ${reason}`,
    hint: fix ?? `Leave ${member.id} out, or allow less with --allow-skip.`,
  });
};

/** Calls whose runners are installed; the others are a problem. */
export const callsOf = (
  { world, findings }: Planning,
  member: Member,
  operation: Operation,
  calls: Some<Call>,
): Route | undefined => {
  const missing = calls.filter(({ runner }) => !world.runners.has(runner));
  for (const { runner, name } of missing)
    findings.problems.push({
      code: "unknown-runner",
      instance: member.id,
      message: `${operation} of ${member.id} is bound to ${JSON.stringify(name)}, but its runner ${JSON.stringify(runner)} is not installed.`,
      hint: `Install the package of runner ${runner}.`,
    });
  return missing.length === 0 ? { by: "calls", calls } : undefined;
};

const reportNoTable = ({ findings }: Planning, member: Member, provider: string): void => {
  findings.problems.push({
    code: "unknown-plugin",
    instance: member.id,
    message: `${member.id} is served by provider ${provider}, of which no capability table is known.`,
    hint: `Declare provider ${provider} in the deployment and install its plugin.`,
  });
};
