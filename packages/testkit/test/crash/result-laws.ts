import { exitCodeOfRun, exitCodes, type Item } from "@quiesce/core";
import { lawOfRuns, unless, type Law } from "./law.ts";

/** Made and restorable, whatever it is worth. */
export const isThere = ({ status }: Pick<Item, "status">): boolean => status === "succeeded" || status === "degraded";

const statusAgreesWithItems = lawOfRuns(({ summary, journal, state }) => {
  const { status, instances, frozen, error } = summary;
  const bad = instances.filter((item) => item.status !== "succeeded" && item.status !== "skipped");
  const well = instances.filter((item) => isThere(item) && !/^(freeze|thaw)$/.test(item.operation));
  const owed = [...(state?.debts.values() ?? [])].some((debt) => debt.state === "open" || debt.state === "paying");
  const cancelled = journal.some(({ type }) => type === "run.cancel");
  return [
    ...unless(
      (status === "succeeded") === (bad.length === 0 && !owed && error === undefined),
      `it is ${status} with ${bad.length} bad rows, ${owed ? "something" : "nothing"} owed and error ${error?.message}`,
    ),
    ...unless(status !== "partial" || well.length > 0, "partial, but nothing is there"),
    ...unless(status !== "cancelled" || cancelled, "cancelled, but nobody asked"),
    // It waits for somebody who can thaw what could not be thawed.
    ...unless(status !== "running" || frozen.length > 0, "it ended running"),
  ];
});

const exitCodeAgrees = lawOfRuns(({ summary }) => {
  const { status, frozen, held, leftovers, instances } = summary;
  const bad = instances.filter((item) => item.status !== "succeeded" && item.status !== "skipped");
  const code = exitCodeOfRun(summary);
  const clean = frozen.length + held.length + leftovers.length === 0;
  const expected: Readonly<Record<typeof status, number>> = {
    succeeded: exitCodes.done,
    partial: bad.every((item) => item.status === "degraded") ? exitCodes.consistency : exitCodes.partial,
    failed: exitCodes.failed,
    cancelled: exitCodes.interrupted,
    running: exitCodes.mayBeFrozen,
  };
  return [
    ...unless(!clean || code === expected[status], `${status} gives ${code}`),
    ...unless(clean || frozen.length > 0 || code === exitCodes.leftovers, `leftovers give ${code}`),
  ];
});

const settledOnce: Law = ({ journal, summary }) => {
  const times = journal.filter(({ type }) => type === "run.settled").length;
  const expected = summary === undefined || summary.status === "running" ? 0 : 1;
  return unless(times === expected, `it settled ${times} times`);
};

const nothingBeforeTheRunIsKnown: Law = ({ summary, world, before }) =>
  summary === undefined
    ? unless(world.cloud.calls.length - before.calls === 0, "a run that nobody knows has made calls")
    : [];

export const resultLaws = { statusAgreesWithItems, exitCodeAgrees, settledOnce, nothingBeforeTheRunIsKnown };
