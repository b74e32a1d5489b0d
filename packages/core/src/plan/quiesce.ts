import type { CellRef } from "../capability/capability.ts";
import type { Quiesce } from "../model/deployment.ts";
import type { Problem } from "../model/result.ts";
import { effectiveCell, modeOf, type Cell } from "./cell.ts";
import type { Thaw } from "./debts.ts";
import { omit } from "./findings.ts";
import type { Member } from "./member.ts";
import { callsOf } from "./route.ts";
import type { Call } from "../model/deployment.ts";
import { isSome, type Some } from "../model/some.ts";
import type { Planning } from "./world.ts";

/** How a member gets frozen, and thawed again. */
export type FreezeRoute =
  | { readonly by: "provider"; readonly thaw: Thaw }
  /** Each call with the call that undoes it. */
  | { readonly by: "calls"; readonly pairs: Some<{ readonly call: Call; readonly thaw: Thaw }> };

/** What the user demands of this instance: its own wish before that of the run. */
export const quiesceOf = ({ world }: Planning, { instance }: Member): Quiesce =>
  instance.quiesce ?? world.options.quiesce;

/**
 * Decides whether a member is frozen. `auto` demands a freeze wherever the provider's declared matrix or a binding
 * has one: an instance that merely lacks it now (no agent) is refused, one that is off needs none. `hasStep` says
 * whether the plan has the cell that does a bypassed freeze.
 */
export const freezeRouteOf = (
  planning: Planning,
  member: Member,
  hasStep: (via: CellRef) => boolean,
): FreezeRoute | undefined => {
  const { world, findings } = planning;
  const quiesce = quiesceOf(planning, member);
  const cell = effectiveCell(world, member, "freeze");
  if (cell.is === "no-column" || cell.is === "no-table") return undefined;
  const leaveOut = (why: "absent" | "allowed" | "nothing-to-do", reason: string): undefined => {
    omit(findings, member, "freeze", modeOf(cell), why, reason);
  };
  if (cell.is === "unbound") {
    if (member.target.kind !== "vm" && member.target.kind !== "other") return undefined;
    if (quiesce === "required" && member.target.kind === "vm")
      return unreachable(planning, member, `no provider and no binding freezes ${member.id}.`);
    return leaveOut("absent", "nothing is bound to freeze");
  }
  if (member.instance.skip.includes("freeze"))
    return leaveOut("allowed", `the deployment skips freeze of ${member.id}`);
  if (quiesce === "off") return leaveOut("allowed", "quiesce is off");
  if (cell.is === "bound") return boundFreeze(planning, member, cell.calls);
  if (cell.now.mode === "supported") return providerFreeze(planning, member);
  if (cell.now.mode === "bypassed" && hasStep(cell.now.via))
    return leaveOut("nothing-to-do", `${cell.now.via.kind} ${cell.now.via.operation} does it: ${cell.now.reason}`);
  return without(planning, member, cell, leaveOut);
};

/** No freeze is possible now: a problem, a note or nothing, by what the user demands and what the provider declares. */
const without = (
  planning: Planning,
  member: Member,
  { declared, now, fix }: Extract<Cell, { is: "declared" }>,
  leaveOut: (why: "absent" | "allowed", reason: string) => undefined,
): undefined => {
  const { findings } = planning;
  const quiesce = quiesceOf(planning, member);
  const reason = "reason" in now ? now.reason : `its cell is ${now.mode}`;
  const declaredOne = declared.mode === "supported";
  if (declaredOne && now.mode === "not-applicable") return leaveOut("absent", reason);
  if (quiesce === "required" || (declaredOne && quiesce === "auto")) return unreachable(planning, member, reason, fix);
  findings.notes.push({ about: member.id, message: `${member.id} will be crash-consistent: ${reason}` });
  return leaveOut(declaredOne ? "allowed" : "absent", reason);
};

/** A problem: the consistency that is demanded cannot be had. */
export const unreachable = ({ findings }: Planning, member: Member, reason: string, fix?: string): undefined => {
  const offer = `Choose --quiesce try to take it as it is, or skip freeze of ${member.id} in the deployment.`;
  const problem: Problem = {
    code: "consistency-unreachable",
    instance: member.id,
    message: `${member.id} cannot be frozen: ${reason}`,
    hint: fix === undefined ? offer : `${fix.replace(/\.?$/, ".")} ${offer}`,
  };
  findings.problems.push(problem);
  return undefined;
};

const boundFreeze = (planning: Planning, member: Member, calls: Some<Call>): FreezeRoute | undefined => {
  const thaws = member.instance.bound.thaw ?? [];
  if (thaws.length !== calls.length) {
    planning.findings.problems.push({
      code: "freeze-without-thaw",
      instance: member.id,
      message: `${member.id} binds ${calls.length} call(s) to freeze, but ${thaws.length} to thaw: it could stay frozen.`,
      hint: "Bind one thaw to each freeze, in the same order.",
    });
    return undefined;
  }
  const known = callsOf(planning, member, "freeze", calls);
  const undone = isSome(thaws) ? callsOf(planning, member, "thaw", thaws) : undefined;
  const pairs = calls.flatMap((call, index) => {
    const thaw = thaws[index];
    return thaw === undefined ? [] : [{ call, thaw: { by: "call" as const, call: thaw, index } }];
  });
  return known !== undefined && undone !== undefined && isSome(pairs) ? { by: "calls", pairs } : undefined;
};

const providerFreeze = (planning: Planning, member: Member): FreezeRoute | undefined => {
  const thaw = thawOf(planning, member);
  if (thaw !== undefined) return { by: "provider", thaw };
  planning.findings.problems.push({
    code: "freeze-without-thaw",
    instance: member.id,
    message: `${member.id} can be frozen, but not thawed: it would stay frozen.`,
    hint: "Choose --quiesce off, or make the thaw possible: it needs the same agent and rights as the freeze.",
  });
  return undefined;
};

/** What thaws an instance that its provider froze. A binding that takes several calls cannot undo one freeze. */
const thawOf = ({ world }: Planning, member: Member): Thaw | undefined => {
  const cell = effectiveCell(world, member, "thaw");
  if (cell.is === "bound") {
    const [call, ...more] = cell.calls;
    return more.length === 0 && world.runners.has(call.runner) ? { by: "call", call, index: 0 } : undefined;
  }
  return cell.is === "declared" && cell.now.mode === "supported" ? { by: "provider" } : undefined;
};
