import { expect, test } from "vitest";
import { counterexampleAmong } from "./crash/holds.ts";

// The same as crash-deaths, with a provider that fails, hangs, is slow and loses its replies, and with users who cancel.

/** For a machine that is busy; a case takes about 20 ms. */
const timeout = 600_000;

test("whatever fails, every freeze is thawed and the result is true", { timeout }, async () => {
  expect(await counterexampleAmong(900, { faults: true })).toBeUndefined();
});

test("a cancel at any point, soft, hard or twice, pays all debts", { timeout }, async () => {
  expect(await counterexampleAmong(700, { cancels: true })).toBeUndefined();
});

test("failures and deaths together", { timeout }, async () => {
  expect(await counterexampleAmong(500, { faults: true, deaths: true })).toBeUndefined();
});

test("failures, deaths and cancels together", { timeout }, async () => {
  expect(await counterexampleAmong(300, { faults: true, deaths: true, cancels: true })).toBeUndefined();
});
