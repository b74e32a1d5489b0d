import type { NbdSource, Range } from "../../src/nbd/index.ts";

const { signal } = new AbortController();

export const rangesOf = async (source: NbdSource): Promise<Range[]> => {
  const ranges: Range[] = [];
  for await (const range of source.ranges(signal)) ranges.push(range);
  return ranges;
};

/** Writes what the source tells over the content of an earlier time. */
export const applied = async (source: NbdSource, ranges: readonly Range[], onto: Buffer): Promise<Buffer> => {
  await Promise.all(
    ranges.map(async ({ offset, length, is }) => {
      const part = onto.subarray(offset, offset + length);
      if (is === "zero") part.fill(0);
      else await source.read(offset, part, signal);
    }),
  );
  return onto;
};
