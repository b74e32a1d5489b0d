import type { DiskRange } from "@quiesce/core";
import { expect, test } from "vitest";
import { never, sourceOf } from "../../test/model-source.ts";
import { checkedRanges } from "./checked-ranges.ts";

const data = (offset: number, length: number): DiskRange => ({ offset, length, is: "data" });
const zero = (offset: number, length: number): DiskRange => ({ offset, length, is: "zero" });

const check = (ranges: readonly DiskRange[], whole: boolean) =>
  Array.fromAsync(checkedRanges(sourceOf(new Uint8Array(100), ranges), { disk: "vda", whole }, never));

test("neighbours of one kind come out as one", async () => {
  expect(await check([data(0, 10), data(10, 20), zero(30, 70)], true)).toEqual([data(0, 30), zero(30, 70)]);
  expect(await check([data(5, 5), data(20, 5)], false)).toEqual([data(5, 5), data(20, 5)]);
  expect(await check([], false)).toEqual([]);
});

test.each<readonly [string, readonly DiskRange[], boolean]>([
  ["left out bytes 10 to 20", [data(0, 10), data(20, 80)], true],
  ["left out bytes 90 to 100", [data(0, 90)], true],
  ["left out bytes 0 to 100", [], true],
  ["told byte 5 twice", [data(0, 10), data(5, 10)], false],
  ["told byte 0 twice", [data(10, 10), data(0, 10)], false],
  ["after its end", [data(90, 11)], false],
  ["a range of 0 bytes", [data(0, 0)], false],
  ["a range of NaN bytes", [data(0, Number.NaN)], false],
  ["a range of 1.5 bytes", [data(0, 1.5)], false],
])("a source that %s is refused", async (says, ranges, whole) => {
  await expect(check(ranges, whole)).rejects.toMatchObject({
    problem: { code: "protocol", message: expect.stringContaining(says) },
  });
});
