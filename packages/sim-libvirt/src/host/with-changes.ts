/** A copy of `base` with the changes that are given; `undefined` leaves a field as it is. */
export const withChanges = <T extends object>(
  base: T,
  changes: { readonly [K in keyof T]?: T[K] | undefined } | undefined,
): T => {
  const given = Object.entries(changes ?? {}).filter(([, value]) => value !== undefined);
  return { ...base, ...(Object.fromEntries(given) as Partial<T>) };
};
