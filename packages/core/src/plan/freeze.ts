import type { InstanceId } from "../model/id.ts";
import { isSome } from "../model/some.ts";
import { oweThaw, type Owed } from "./debts.ts";
import type { Part } from "./levels.ts";
import type { Member } from "./member.ts";
import type { Covered, Step } from "./plan.ts";
import { quiesceOf, type FreezeRoute } from "./quiesce.ts";
import { secondNameOf, secondNames } from "./same-object.ts";
import { baseOf, callBaseOf, stepKey } from "./step.ts";
import type { Planning } from "./world.ts";

/** The freezes of a plan, and for each the step that pays its debt. */
export interface Freezes {
  readonly parts: readonly (Part & { readonly member: Member })[];
  readonly payOf: ReadonlyMap<Step["key"], Step>;
}

export interface Frozen {
  readonly member: Member;
  readonly route: FreezeRoute;
}

/** Builds freeze and thaw steps. `dueInMsOf`: how long a member may stay frozen before the watchdog thaws it. */
export const freezesOf = (
  planning: Planning,
  frozen: readonly Frozen[],
  dueInMsOf: (member: Member) => number,
): Freezes => {
  const second = secondNames(frozen.flatMap(({ member, route }) => (route.by === "provider" ? [member] : [])));
  const coversOf = new Map<InstanceId, readonly Covered[]>();
  for (const { member } of frozen) {
    const first = second.get(member.id);
    const { kind } = member.target;
    if (first !== undefined && kind !== "other")
      coversOf.set(first.id, [...(coversOf.get(first.id) ?? []), secondNameOf(member, kind, first)]);
  }
  const payOf = new Map<Step["key"], Step>();
  const parts = frozen
    .filter(({ member }) => !second.has(member.id))
    .flatMap((one) => {
      const steps = freezeSteps(planning, one, dueInMsOf(one.member), coversOf.get(one.member.id) ?? [], payOf);
      return isSome(steps) ? [{ id: one.member.id, member: one.member, steps }] : [];
    });
  return { parts, payOf };
};

const freezeSteps = (
  planning: Planning,
  { member, route }: Frozen,
  dueInMs: number,
  covers: readonly Covered[],
  payOf: Map<Step["key"], Step>,
): readonly Step[] => {
  const { world } = planning;
  const onFailure = failureOf(planning, member);
  const owe = (key: Step["key"], owed: Owed): void => {
    payOf.set(key, { ...owed.pay, covers });
  };
  if (route.by === "provider") {
    const owed = oweThaw(world, member, stepKey("freeze", member), route.thaw, dueInMs, true);
    const base = baseOf(world, member, "freeze", { guestTimerMs: dueInMs });
    owe(base.key, owed);
    return [{ ...base, does: "cell", onFailure, covers, owes: owed.debt }];
  }
  return route.pairs.map(({ call, thaw }, index) => {
    const base = callBaseOf(world, member, "freeze", call, index, { guestTimerMs: dueInMs });
    const owed = oweThaw(world, member, base.key, thaw, dueInMs, true);
    owe(base.key, owed);
    return { ...base, does: "call", call, onFailure, owes: owed.debt };
  });
};

/** One freeze that failed ends a run that wants all frozen at once; with `try` nothing depends on it. */
const failureOf = (planning: Planning, member: Member): Step["onFailure"] => {
  if (quiesceOf(planning, member) === "try") return "note";
  return planning.world.options.scope === "deployment" ? "run" : "unit";
};
