/** A list with at least one element. */
export type Some<T> = readonly [T, ...T[]];

export const isSome = <T>(list: readonly T[]): list is Some<T> => list.length > 0;
