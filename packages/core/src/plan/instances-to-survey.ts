import type { Deployment } from "../model/deployment.ts";
import type { InstanceId } from "../model/id.ts";
import { byText } from "./by-text.ts";
import type { PlanOptions } from "./options.ts";

/**
 * Whom a survey must look at before this selection can be planned: the chosen instances, all that the file joins
 * with them (a volume's machine is frozen with it), and the volumes of their providers (a disk may be a listed one).
 */
export const instancesToSurvey = (
  { instances }: Deployment,
  { include }: Pick<PlanOptions, "include">,
): readonly InstanceId[] => {
  const all = Object.values(instances);
  if (include === "all") return all.map(({ id }) => id).sort(byText);
  const joined = new Map<InstanceId, InstanceId[]>();
  const join = (from: InstanceId, to: InstanceId): void => {
    const known = joined.get(from);
    if (known === undefined) joined.set(from, [to]);
    else known.push(to);
  };
  for (const { id, relations } of all)
    for (const { type, to } of relations)
      if (type === "contained_in" || type === "attached_to") {
        join(id, to);
        join(to, id);
      }
  const wanted = new Set<InstanceId>(include);
  for (const id of wanted) for (const other of joined.get(id) ?? []) wanted.add(other);
  const providers = new Set(all.filter(({ id }) => wanted.has(id)).map(({ provider }) => provider));
  return all
    .filter(
      ({ id, kind, provider }) =>
        wanted.has(id) || (kind === "volume" && provider !== undefined && providers.has(provider)),
    )
    .map(({ id }) => id)
    .sort(byText);
};
