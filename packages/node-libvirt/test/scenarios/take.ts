/** The next events of a stream, in order. */
export const take = async <T>(events: AsyncIterable<T>, count: number): Promise<readonly T[]> => {
  const taken: T[] = [];
  for await (const event of events) if (taken.push(event) === count) break;
  return taken;
};
