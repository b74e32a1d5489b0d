import type { Call } from "../model/deployment.ts";
import { asId, type DebtKey } from "../model/id.ts";
import type { Member } from "./member.ts";
import type { DebtSpec, Payment, Step } from "./plan.ts";
import { baseOf, callBaseOf, runnerAccount, runnerInput, withExtra } from "./step.ts";
import type { World } from "./world.ts";

/** What undoes a freeze: the provider's thaw, or a bound call. */
export type Thaw = { readonly by: "provider" } | { readonly by: "call"; readonly call: Call; readonly index: number };

/** Harm with the one step that undoes it. */
export interface Owed {
  readonly debt: DebtSpec;
  readonly pay: Step;
}

/**
 * The debt of a step that leaves its target frozen. `froze` names the freeze whose `saved` the thaw wants; a guest
 * that was restored frozen has none, and its clock is old.
 */
export const oweThaw = (
  world: World,
  member: Member,
  of: Step["key"],
  thaw: Thaw,
  dueInMs: number,
  froze: boolean,
): Owed => {
  const key = asId<DebtKey>(`frozen:${of}`);
  const payment = paymentOf(world, member, thaw, froze);
  return {
    debt: { key, harm: "frozen", target: member.target, dueInMs, pay: payment },
    pay: { ...payBaseOf(world, member, thaw, froze), does: "pay", debt: key, reads: froze ? { froze: of } : {} },
  };
};

const paymentOf = (world: World, member: Member, thaw: Thaw, froze: boolean): Payment => {
  const timeoutMs = world.options.timeoutMs.thaw;
  if (thaw.by === "call")
    return {
      account: runnerAccount(thaw.call),
      operation: "thaw",
      input: runnerInput(world, "thaw"),
      call: thaw.call,
      timeoutMs,
    };
  return {
    ...(member.provider === undefined ? {} : { provider: member.provider }),
    account: member.account,
    operation: "thaw",
    input: withExtra(world, "thaw", { setClock: !froze }),
    timeoutMs,
  };
};

const payBaseOf = (world: World, member: Member, thaw: Thaw, froze: boolean) => {
  const base =
    thaw.by === "call"
      ? callBaseOf(world, member, "thaw", thaw.call, thaw.index)
      : baseOf(world, member, "thaw", { setClock: !froze });
  return froze ? base : { ...base, title: `${base.title}, if it was restored frozen` };
};
