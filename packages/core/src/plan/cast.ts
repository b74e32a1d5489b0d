import type { InstanceId } from "../model/id.ts";
import { attachmentsOf, type Attachments } from "./attachments.ts";
import type { Member } from "./member.ts";
import { unitsOf, type Units } from "./units.ts";
import type { Planning } from "./world.ts";

/** Who takes part, how they hang together, and who must be quiet with whom. */
export interface Cast {
  readonly members: readonly Member[];
  readonly attachments: Attachments;
  readonly units: Units;
}

export const castOf = (planning: Planning, members: readonly Member[]): Cast => {
  const attachments = attachmentsOf(planning.world, members);
  return { members, attachments, units: unitsOf(planning, members, attachments) };
};

export const byId = (members: readonly Member[]): ReadonlyMap<InstanceId, Member> =>
  new Map(members.map((member) => [member.id, member]));
