import type { RunRecord, RunSummary } from "@quiesce/core";
import { lifeOf } from "../worker/run-life.ts";
import { workerName } from "../worker/worker-text.ts";

/** The process behind a run that has not ended, or that owes something, as it is published. */
export interface RunProcess {
  /** Host and process id. */
  readonly name: string;
  readonly state: "works" | "leased" | "gone" | "ended";
  /** Until when it holds the run, unless it renews its lease. */
  readonly until?: string;
}

export const processOf = (record: RunRecord, nowMs: number): RunProcess => {
  const name = workerName(record.worker);
  const life = lifeOf(record, nowMs);
  if (life.is !== "gone") return { name, state: life.is, until: life.until };
  return { name, state: record.settledAt === undefined ? "gone" : "ended" };
};

/** Whether it lives, what is frozen now, and the next command. */
export const processLines = (
  { runId, frozen, held }: RunSummary,
  { name, state, until }: RunProcess,
): readonly string[] => [
  told[state](name, until ?? ""),
  `Frozen now: ${frozen.length === 0 ? "none" : frozen.join(", ")}.`,
  ...(held.length === 0 ? [] : [`Held now: ${held.join(", ")}.`]),
  `Next: ${state === "works" ? `quiesce executions events ${runId} --follow` : `quiesce recover ${runId}`}`,
];

const told = {
  works: (name: string) => `Its process works: ${name}.`,
  leased: (name: string, until: string) =>
    `Its process was ${name}; whether it lives cannot be seen from here. Its lease ends at ${until}, unless it is renewed.`,
  gone: (name: string) => `Its process is gone: ${name}.`,
  ended: () => "It has ended, and owes something.",
} as const;
