import { createColumn, lastAtMost } from "./column.ts";

/** `place`: where the stored content has the data; undefined for a range that is zero. */
export interface StoredRange {
  readonly offset: number;
  readonly length: number;
  readonly place: number | undefined;
  /** Which stored disk of a chain has it, counted from the newest. */
  readonly layer: number;
}

/** Ranges of a disk, in order and without overlap. */
export interface RangeTable {
  add(offset: number, length: number, place: number | undefined, layer?: number): void;
  at(index: number): StoredRange;
  /** The last range that begins at or before the offset; -1 when there is none. */
  indexAt(offset: number): number;
  readonly length: number;
}

const none = -1;

export const createRangeTable = (): RangeTable => {
  const offsets = createColumn();
  const lengths = createColumn();
  const places = createColumn();
  const layers = createColumn();
  return {
    add: (offset, length, place = none, layer = 0) => {
      offsets.push(offset);
      lengths.push(length);
      places.push(place);
      layers.push(layer);
    },
    at: (index) => {
      const place = places.at(index);
      const found = place === none ? undefined : place;
      return { offset: offsets.at(index), length: lengths.at(index), place: found, layer: layers.at(index) };
    },
    indexAt: (offset) => lastAtMost(offsets, offset),
    get length() {
      return offsets.length;
    },
  };
};
