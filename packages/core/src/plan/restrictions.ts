import type { CellRef, Restriction } from "../capability/capability.ts";
import type { InstanceId, ProviderName } from "../model/id.ts";
import type { Survey } from "../plugin/survey.ts";

/** What one provider's connection takes away: everywhere, or of one instance. */
export interface Restricted {
  readonly everywhere: readonly Restriction[];
  readonly of: ReadonlyMap<InstanceId, readonly Restriction[]>;
}

/** By provider and instance: a provider may restrict each of many instances. */
export const indexRestrictions = (
  restrictions: ReadonlyMap<ProviderName, readonly Restriction[]>,
): ReadonlyMap<ProviderName, Restricted> =>
  new Map(
    [...restrictions].map(([provider, list]) => {
      const { instances = [], everywhere = [] } = Object.groupBy(list, ({ instance }) =>
        instance === undefined ? "everywhere" : "instances",
      );
      const of = new Map<InstanceId, Restriction[]>();
      for (const restriction of instances) {
        const { instance } = restriction;
        if (instance === undefined) continue;
        const known = of.get(instance);
        if (known === undefined) of.set(instance, [restriction]);
        else known.push(restriction);
      }
      return [provider, { everywhere, of }];
    }),
  );

/** What the connection and the instance's own survey take from one cell. */
export const restrictionsOf = (
  { everywhere, of }: Restricted,
  cell: CellRef,
  instance: InstanceId,
  survey: Survey | undefined,
): readonly Restriction[] =>
  [everywhere, of.get(instance) ?? [], survey?.lowered ?? []].flatMap((list) =>
    list.filter(
      (one) =>
        one.cell.kind === cell.kind &&
        one.cell.operation === cell.operation &&
        (one.instance === undefined || one.instance === instance),
    ),
  );
