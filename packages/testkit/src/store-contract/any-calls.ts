import * as fc from "fast-check";
import { ttlMs } from "./sample-run.ts";

/** `run`: one of three. `claim`: counted from the newest that was given on it; 0 may still be current, others are not. */
export type Call =
  | { readonly call: "begin" | "claim"; readonly run: number; readonly worker: string }
  | { readonly call: "take over"; readonly run: number; readonly worker: string; readonly gone: string }
  | { readonly call: "renew" | "let go" | "owe" | "pay" | "settle"; readonly run: number; readonly claim: number }
  | { readonly call: "wait"; readonly ms: number };

// The first two have an object in common; the third is seldom needed.
const run = fc.constantFrom(0, 0, 0, 1, 1, 2);
const worker = fc.constantFrom("a", "b");
const claim = fc.constantFrom(0, 0, 0, 1);

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ call: fc.constantFrom("begin" as const, "claim" as const), run, worker }),
  fc.record({ call: fc.constant("take over" as const), run, worker, gone: worker }),
  fc.record({ call: fc.constantFrom("renew" as const, "owe" as const, "pay" as const), run, claim }),
  fc.record({ call: fc.constantFrom("renew" as const, "let go" as const, "settle" as const), run, claim }),
  fc.record({ call: fc.constant("wait" as const), ms: fc.constantFrom(1, ttlMs - 1, ttlMs, -24 * 3_600_000) }),
);

const overtaken: readonly Call[] = [
  { call: "begin", run: 0, worker: "a" },
  { call: "owe", run: 0, claim: 0 },
  { call: "wait", ms: ttlMs },
  { call: "begin", run: 1, worker: "b" },
];

/** Calls of several processes on three runs, one of which another has overtaken; any may be dead, and the clock jumps. */
export const anyCalls: fc.Arbitrary<readonly Call[]> = fc
  .array(call, { minLength: 5, maxLength: 25, size: "max" })
  .map((calls) => [...overtaken, ...calls]);
