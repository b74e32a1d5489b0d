import type { Item, RunSummary } from "@quiesce/core";

/** The row of one instance and operation; a missing one is an error of the product. */
export const rowOf = ({ instances }: RunSummary, instance: string, operation: string): Item => {
  const found = instances.filter((item) => item.instance === instance && item.operation === operation);
  const [row] = found;
  if (row === undefined || found.length > 1)
    throw new Error(
      `Expected one row for ${instance} ${operation}, found ${found.length} in ${JSON.stringify(instances)}`,
    );
  return row;
};

export const first = <T>(list: readonly T[]): T => {
  const [one] = list;
  if (one === undefined) throw new Error("The world made fewer objects than it was asked for.");
  return one;
};
