import type { CellRef, Restriction } from "../capability/capability.ts";
import type { InstanceId, ProviderName } from "../model/id.ts";
import type { World } from "./world.ts";
import type { Survey } from "../plugin/survey.ts";

const keyOf = (provider: ProviderName, { kind, operation }: CellRef, instance: InstanceId | undefined): string =>
  JSON.stringify([provider, kind, operation, instance ?? null]);

/** By provider, cell and instance: a provider may restrict each of many instances. */
export const indexRestrictions = (
  restrictions: readonly (readonly [ProviderName, readonly Restriction[]])[],
): ReadonlyMap<string, readonly Restriction[]> => {
  const index = new Map<string, Restriction[]>();
  for (const [provider, list] of restrictions)
    for (const restriction of list) {
      const key = keyOf(provider, restriction.cell, restriction.instance);
      const known = index.get(key);
      if (known === undefined) index.set(key, [restriction]);
      else known.push(restriction);
    }
  return index;
};

/** What the connection and the instance's own survey take from one cell. */
export const restrictionsOf = (
  world: World,
  provider: ProviderName,
  cell: CellRef,
  instance: InstanceId,
  survey: Survey | undefined,
): readonly Restriction[] => [
  ...(world.restrictions.get(keyOf(provider, cell, undefined)) ?? []),
  ...(world.restrictions.get(keyOf(provider, cell, instance)) ?? []),
  ...(survey?.lowered ?? []).filter(
    (r) =>
      r.cell.kind === cell.kind &&
      r.cell.operation === cell.operation &&
      (r.instance === undefined || r.instance === instance),
  ),
];
