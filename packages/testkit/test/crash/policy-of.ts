import type { Played } from "./play.ts";

/** The policy under which the run came to its end; undefined when it did so by itself. */
export const policyOf = ({ journal }: Played): string | undefined => {
  const settled = journal.findIndex(({ type }) => type === "run.settled");
  const last = journal
    .slice(0, settled)
    .findLast((event) => event.type === "run.recovering" && event.policy !== "debts");
  return last?.type === "run.recovering" ? last.policy : undefined;
};
