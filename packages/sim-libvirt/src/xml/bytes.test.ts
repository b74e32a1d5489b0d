import { expect, test } from "vitest";
import { bytesOf } from "./bytes.ts";
import { element } from "./element.ts";

test.each([
  [undefined, 3, 3],
  ["bytes", 3, 3],
  ["b", 3, 3],
  ["KiB", 3, 3072],
  ["k", 3, 3072],
  ["KB", 3, 3000],
  ["MiB", 2, 2_097_152],
  ["MB", 2, 2_000_000],
  ["G", 1, 1_073_741_824],
])("unit %s: %d are %d bytes", (unit, amount, bytes) => {
  expect(bytesOf(element("capacity", { unit }, String(amount)), "bytes", "storage")).toBe(bytes);
});

test.each(["x", "KiX", "", "parsec"])("%j is no unit", (unit) => {
  expect(() => bytesOf(element("capacity", { unit }, "1"), "bytes", "storage")).toThrow(/unknown suffix/u);
});
