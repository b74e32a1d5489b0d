import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRangeTable, type RangeTable } from "../format/range-table.ts";
import { overlay } from "./overlay.ts";

const size = 60;

/** What each byte of a disk says: nothing, zero, or where the stored content has it. */
type Model = readonly (undefined | "zero" | { readonly layer: number; readonly place: number })[];

const anyLayer = fc.array(fc.constantFrom<"-" | "d" | "z">("-", "d", "z"), { minLength: size, maxLength: size });

/** A table of an increment that says this of each byte: its data lies one after another. */
const tableOf = (bytes: readonly ("-" | "d" | "z")[]): RangeTable => {
  const table = createRangeTable();
  let place = 0;
  for (let at = 0; at < bytes.length;) {
    let end = at;
    while (end < bytes.length && bytes[end] === bytes[at]) end++;
    if (bytes[at] === "z") table.add(at, end - at, undefined);
    if (bytes[at] === "d") table.add(at, end - at, place);
    if (bytes[at] === "d") place += end - at;
    at = end;
  }
  return table;
};

const modelOf = (table: RangeTable): Model => {
  const model: Model[number][] = Array.from({ length: size }, () => undefined);
  for (let index = 0; index < table.length; index++) {
    const { offset, length, place, layer } = table.at(index);
    for (let byte = 0; byte < length; byte++) {
      expect(model[offset + byte]).toBeUndefined();
      model[offset + byte] = place === undefined ? "zero" : { layer, place: place + byte };
    }
  }
  return model;
};

test("the newest layer that says something about a byte wins, in order and without overlap", () => {
  fc.assert(
    fc.property(fc.array(anyLayer, { minLength: 1, maxLength: 4 }), (layers) => {
      const [newest = createRangeTable(), ...older] = layers.map(tableOf);
      const flat = older.reduce((above, below, at) => overlay(above, below, at + 1, size), newest);
      const expected = Array.from({ length: size }, (_, byte) => {
        const layer = layers.findIndex((bytes) => bytes[byte] !== "-");
        if (layer < 0) return undefined;
        if (layers[layer]?.[byte] === "z") return "zero";
        return { layer, place: layers[layer]?.slice(0, byte).filter((one) => one === "d").length };
      });
      expect(modelOf(flat)).toEqual(expected);
      for (let index = 1; index < flat.length; index++)
        expect(flat.at(index).offset).toBeGreaterThanOrEqual(flat.at(index - 1).offset + flat.at(index - 1).length);
    }),
  );
});

test("what a disk had after its later end is not seen", () => {
  const flat = overlay(createRangeTable(), tableOf(Array.from({ length: size }, () => "d" as const)), 1, 10);
  expect(flat.at(0)).toEqual({ offset: 0, length: 10, place: 0, layer: 1 });
  expect(flat.length).toBe(1);
});
