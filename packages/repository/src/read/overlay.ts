import { createRangeTable, type RangeTable } from "../format/range-table.ts";

/** What the newer layers say wins; where they say nothing, the older layer is seen. Nothing goes beyond `bytes`. */
export const overlay = (newer: RangeTable, older: RangeTable, layer: number, bytes: number): RangeTable => {
  const both = createRangeTable();
  let next = 0;
  let end = 0;
  /** Takes the newer ranges that begin at or before the offset. */
  const takeUpTo = (offset: number): void => {
    for (; next < newer.length; next++) {
      const range = newer.at(next);
      if (range.offset > offset) return;
      both.add(range.offset, range.length, range.place, range.layer);
      end = range.offset + range.length;
    }
  };
  for (let at = 0; at < older.length; at++) {
    const { offset, length, place } = older.at(at);
    const stop = Math.min(offset + length, bytes);
    for (let from = offset; ;) {
      takeUpTo(from);
      from = Math.max(from, end);
      if (from >= stop) break;
      const until = next < newer.length ? Math.min(stop, newer.at(next).offset) : stop;
      both.add(from, until - from, place === undefined ? undefined : place + from - offset, layer);
      from = until;
      if (from >= stop) break;
    }
  }
  takeUpTo(bytes);
  return both;
};
