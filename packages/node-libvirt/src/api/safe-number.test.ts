import { expect, test } from "vitest";
import { ProtocolError } from "../errors/protocol-error.ts";
import { safeNumber } from "./safe-number.ts";

test("a count that a number holds exactly", () => {
  expect(safeNumber(2n ** 53n - 1n, "a size")).toBe(Number.MAX_SAFE_INTEGER);
});

test("no other", () => {
  expect(() => safeNumber(2n ** 53n, "a size")).toThrow(ProtocolError);
  expect(() => safeNumber(2n ** 64n - 1n, "a size")).toThrow("a size is 18446744073709551615, which cannot be true");
});
