import type { InstanceId } from "../model/id.ts";
import type { Member } from "./member.ts";
import type { Planning } from "./world.ts";

/** Services inside a frozen machine that could be made quiet, but were not chosen. */
export const noteLeftServices = ({ world, findings }: Planning, members: readonly Member[]): void => {
  const taking = new Map<InstanceId, Member>(members.map((member) => [member.id, member]));
  for (const { id, bound, relations } of world.instances.values()) {
    if (bound.freeze === undefined || taking.has(id)) continue;
    const host = relations.find(({ type, to }) => type === "contained_in" && taking.has(to));
    if (host !== undefined)
      findings.notes.push({ about: id, message: `${id} runs in ${host.to}, but is not selected: it is not frozen.` });
  }
};

/** Instances that need a restored one and go on with what they had in mind. */
export const noteDependents = ({ world, findings }: Planning, restored: ReadonlySet<InstanceId>): void => {
  for (const { id, relations } of world.instances.values()) {
    if (restored.has(id)) continue;
    const needs = relations.filter(
      ({ type, to }) => (type === "depends_on" || type === "connected_to") && restored.has(to),
    );
    if (needs.length > 0)
      findings.notes.push({
        about: id,
        message: `${id} needs ${needs.map(({ to }) => to).join(" and ")} and is not restored: it may have to be restarted.`,
      });
  }
};
