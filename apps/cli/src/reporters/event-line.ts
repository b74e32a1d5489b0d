import { asId, type Event, type PlanIndex, type Step, type StepEnd, type StepKey } from "@quiesce/core";
import { duration } from "../render/duration.ts";
import { workerName } from "../worker/worker-text.ts";

/** The facts of one line of a run's story. */
export interface EventLine {
  readonly at: string;
  readonly instance: string;
  readonly operation: string;
  readonly state: string;
  readonly is: "start" | "end" | "failure" | "remark";
}

/** What an event says to a person; undefined for events that only machines need. */
export const eventLine = (event: Event, index: PlanIndex): EventLine | undefined => {
  const line = (about: { instance: string; operation: string }, is: EventLine["is"], state: string): EventLine => ({
    at: event.at,
    ...about,
    is,
    state,
  });
  const run = { instance: "-", operation: index.plan.workflow };
  switch (event.type) {
    case "run.started":
      return line(run, "start", "started");
    case "run.settled":
      return line(run, event.status === "succeeded" ? "end" : "failure", event.status);
    case "run.cancel":
      return line(run, "remark", event.mode === "soft" ? "is being cancelled" : "is being cancelled by force");
    case "run.undoing":
      return line(run, "remark", "what it did is taken back");
    case "run.recovering":
      return line(run, "remark", `taken over by ${workerName(event.worker)}: ${takenOver[event.policy]}`);
    case "step.undone":
      return line(stepOf(index, event.step), "end", "taken back");
    case "step.started":
      // What cleans up is told by its end: `taken back`, or why not.
      if (!index.steps.has(event.step)) return undefined;
      return line(stepOf(index, event.step), "start", "started");
    case "step.retrying":
      return line(
        stepOf(index, event.step),
        "remark",
        `try ${event.attempt} failed, next in ${duration(event.afterMs)}: ${event.error.message}`,
      );
    case "step.ended":
      if (!index.steps.has(event.step) && event.end.as === "succeeded") return undefined;
      return endLine(event.end, event.tookMs, (is, state) => line(stepOf(index, event.step), is, state));
    case "debt.paid": {
      const { harm, ...about } = debtOf(index, event.debt);
      // What a copy holds is said by its release; how long tells nobody anything.
      if (event.heldMs === undefined || harm === "held") return undefined;
      return line(about, "end", `was ${harm} for ${duration(event.heldMs)}${byWhom[event.by]}`);
    }
    case "debt.failed":
      return line(aboutDebt(index, event.debt), "failure", `payment ${event.attempt} failed: ${event.error.message}`);
    case "step.intended":
    case "step.ticketed":
    case "debt.paying":
    case "debt.void":
    case "step.progress":
    case "step.waiting":
      return undefined;
  }
};

const takenOver = {
  continue: "its debts are paid, then it goes on",
  compensate: "its debts are paid, then what it did is taken back",
  debts: "its debts are paid",
} as const;

const endLine = (
  end: StepEnd,
  tookMs: number,
  line: (is: EventLine["is"], state: string) => EventLine,
): EventLine | undefined => {
  switch (end.as) {
    case "succeeded":
      return line("end", `done in ${duration(tookMs)}`);
    case "compared":
      return end.drift.length === 0
        ? line("end", "compared, no difference")
        : line("failure", `compared, ${end.drift.length} difference(s), nothing was changed`);
    case "failed":
      return line("failure", `FAILED: ${end.error.message}`);
    case "in-doubt":
      return line("failure", `IN DOUBT: ${end.error.message}`);
    case "skipped":
      return end.reason === "nothing-owed" ? undefined : line("remark", `not run: ${skipped[end.reason]}`);
  }
};

const skipped = { doomed: "an earlier step failed", cancelled: "cancelled" } as const;

const stepOf = (index: PlanIndex, key: StepKey): { instance: string; operation: string } => {
  const step = index.steps.get(key);
  if (step === undefined) return takenBackStep(index, key);
  return { instance: step.targets.map(({ instance }) => instance).join(","), operation: partOf(step) };
};

/** Steps that take another one back are in no plan; their keys name it: `discard/…`, `undo/…` (`.2` for a second call). */
const takenBackStep = (index: PlanIndex, key: StepKey): { instance: string; operation: string } => {
  const of = /^(?:discard|undo)\/(.*?)(?:\.\d+)?$/.exec(key)?.[1];
  const step = of === undefined ? undefined : index.steps.get(asId<StepKey>(of));
  if (step === undefined) return { instance: key, operation: "-" };
  const { instance } = stepOf(index, step.key);
  return { instance, operation: `${step.operation} (take back)` };
};

/** A create of bytes is told in its parts. */
const partOf = ({ does, operation }: Step): string => {
  switch (does) {
    case "prepare":
      return `${operation} (prepare)`;
    case "complete":
      return `${operation} (bytes)`;
    case "release":
      return `${operation} (release)`;
    case "cell":
    case "capture":
    case "compare":
    case "pay":
    case "move":
    case "call":
      return operation;
    case "undo":
    case "commit":
    case "discard":
      return `${operation} (${does})`;
  }
};

/** The payment by its own step needs no word. */
const byWhom = { step: "", watchdog: "; the watchdog ended it", recovery: "; ended at the end of the run" } as const;

const debtOf = (index: PlanIndex, key: string): { instance: string; operation: string; harm: string } => {
  for (const step of index.steps.values())
    if ("owes" in step && step.owes?.key === key) {
      const { target, pay, harm } = step.owes;
      const operation = harm === "held" ? `${pay.operation} (release)` : pay.operation;
      return { instance: target.instance, operation, harm };
    }
  return { instance: key, operation: "-", harm: "held" };
};

const aboutDebt = (index: PlanIndex, key: string): { instance: string; operation: string } => {
  const { instance, operation } = debtOf(index, key);
  return { instance, operation };
};
