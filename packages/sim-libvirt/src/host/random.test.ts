import { isUuid } from "@quiesce/node-libvirt/protocol";
import { expect, test } from "vitest";
import { createRandom } from "./random.ts";

test("the same seed gives the same, another seed gives another", () => {
  const draw = (seed: number) => {
    const random = createRandom(seed);
    return [random.uuid(), random.mac(), random.fraction()];
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("what it makes has the right shape, and does not repeat", () => {
  const random = createRandom(1);
  const uuids = Array.from({ length: 1000 }, () => random.uuid());
  expect(uuids.every(isUuid)).toBe(true);
  expect(new Set(uuids).size).toBe(1000);
  expect(random.mac()).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/u);
  const fractions = Array.from({ length: 1000 }, () => random.fraction());
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...fractions)).toBeLessThan(1);
});
