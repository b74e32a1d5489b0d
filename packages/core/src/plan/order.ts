import type { InstanceId } from "../model/id.ts";
import { near } from "./near.ts";
import type { Planning } from "./world.ts";

/** Instances with all that they need before them, and what each needs directly. */
export interface Order {
  readonly sorted: readonly InstanceId[];
  readonly needs: ReadonlyMap<InstanceId, readonly InstanceId[]>;
}

/**
 * `depends_on`, `connected_to` and `contained_in` order instances; `attached_to` only joins them. A relation to an
 * unknown instance and a cycle are problems; the cycle's members are then left unordered.
 */
export const orderOf = (planning: Planning): Order => {
  const { instances } = planning.world;
  const needs = new Map<InstanceId, readonly InstanceId[]>();
  const neededBy = new Map<InstanceId, InstanceId[]>();
  for (const { id, relations } of instances.values()) {
    const ordering = relations.filter(({ type }) => type !== "attached_to").map(({ to }) => to);
    const known = [...new Set(ordering)].filter((to) => instances.has(to));
    needs.set(id, known);
    for (const to of known) {
      const dependents = neededBy.get(to);
      if (dependents === undefined) neededBy.set(to, [id]);
      else dependents.push(id);
    }
  }
  reportUnknown(planning);
  const sorted = sort(needs, neededBy);
  if (sorted.length < needs.size) reportCycle(planning, needs, new Set(sorted));
  return { sorted, needs };
};

/** Kahn's algorithm: no recursion, so that a long chain of dependencies cannot overflow the stack. */
const sort = (
  needs: ReadonlyMap<InstanceId, readonly InstanceId[]>,
  neededBy: ReadonlyMap<InstanceId, readonly InstanceId[]>,
): readonly InstanceId[] => {
  const open = new Map([...needs].map(([id, list]) => [id, list.length]));
  const sorted = [...open].flatMap(([id, count]) => (count === 0 ? [id] : []));
  for (const id of sorted)
    for (const dependent of neededBy.get(id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, left);
      if (left === 0) sorted.push(dependent);
    }
  return sorted;
};

/** Every instance that is left needs another one that is left, so that walking along ends in a cycle. */
const reportCycle = (
  { findings }: Planning,
  needs: ReadonlyMap<InstanceId, readonly InstanceId[]>,
  done: ReadonlySet<InstanceId>,
): void => {
  const path: InstanceId[] = [];
  const seenAt = new Map<InstanceId, number>();
  let at = [...needs.keys()].find((id) => !done.has(id));
  while (at !== undefined && !seenAt.has(at)) {
    seenAt.set(at, path.length);
    path.push(at);
    at = needs.get(at)?.find((id) => !done.has(id));
  }
  if (at === undefined) return;
  const cycle = [...path.slice(seenAt.get(at)), at];
  const shown = cycle.length > 12 ? [...cycle.slice(0, 10), "…", at] : cycle;
  findings.problems.push({
    code: "cycle",
    instance: at,
    message: `The relations run in a circle, so that there is no order to work in: ${shown.join(" → ")}.`,
    hint: "Remove one of these relations.",
  });
};

const reportUnknown = ({ world, findings }: Planning): void => {
  let suggested = 0;
  for (const { id, relations } of world.instances.values())
    for (const { type, to } of relations) {
      if (world.instances.has(to)) continue;
      const suggestions = suggested++ < 10 ? near(to, world.instances.keys()) : [];
      findings.problems.push({
        code: "unknown-instance",
        instance: id,
        message: `${id} is ${type} ${JSON.stringify(to)}, which the deployment does not list.`,
        ...(suggestions.length === 0 ? {} : { hint: `Did you mean ${suggestions.join(" or ")}?` }),
      });
    }
};
