import { expect, test } from "vitest";
import { ProtocolError } from "../errors/protocol-error.ts";
import { domainState } from "./domain-state.ts";

test.each([
  [1, 5, { state: "running", reason: "unpaused" }],
  [3, 5, { state: "paused", reason: "io-error" }],
  [5, 6, { state: "shut-off", reason: "failed" }],
  [7, 0, { state: "pm-suspended", reason: "unknown" }],
  [5, 99, { state: "shut-off", reason: "unrecognised" }],
])("state %d, reason %d", (state, reason, expected) => {
  expect(domainState(state, reason)).toEqual(expected);
});

test("an unknown state is an error, not a guess", () => {
  expect(() => domainState(8, 0)).toThrow(ProtocolError);
});
