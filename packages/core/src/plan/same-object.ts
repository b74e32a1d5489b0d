import type { InstanceId } from "../model/id.ts";
import type { Kind } from "../vocabulary/operation.ts";
import { objectOf, type Member } from "./member.ts";
import type { Covered } from "./plan.ts";

/**
 * One object at the provider under several instances is worked on once, by the first of `members`, and reported for
 * the others: second name → first. `members` are those that would each call the provider.
 */
export const secondNames = (members: readonly Member[]): ReadonlyMap<InstanceId, Member> => {
  const first = new Map<string, Member>();
  const second = new Map<InstanceId, Member>();
  for (const member of members) {
    const key = objectOf(member);
    const known = key === undefined ? undefined : first.get(key);
    if (known !== undefined) second.set(member.id, known);
    else if (key !== undefined) first.set(key, member);
  }
  return second;
};

export const secondNameOf = (member: Member, kind: Kind, first: Member): Covered => ({
  instance: member.id,
  kind,
  providerId: member.target.providerId,
  mode: "bypassed",
  reason: `the same object as ${first.id}`,
});
