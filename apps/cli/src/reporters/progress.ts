import type { DebtKey, Event, PlanIndex, StepKey } from "@quiesce/core";

/** What moves on the terminal: a fold over the events, with the local clock of their arrival. */
export interface Progress {
  readonly startedMs: number;
  readonly ended: number;
  readonly total: number;
  readonly running: ReadonlyMap<StepKey, Running>;
  readonly windows: ReadonlyMap<DebtKey, Window>;
  readonly cancelling: boolean;
}

export interface Running {
  readonly title: string;
  readonly sinceMs: number;
  readonly bytes?: { readonly done: number; readonly total?: number; readonly unit: string };
}

/** An open freeze window, or one that is being opened: its clock counts either way. */
export interface Window {
  readonly instance: string;
  readonly by: StepKey;
  readonly sinceMs: number;
  readonly dueInMs: number;
  readonly is: "freezing" | "frozen" | "thawing";
}

export const noProgress = (index: PlanIndex, nowMs: number): Progress => ({
  startedMs: nowMs,
  ended: 0,
  total: index.steps.size,
  running: new Map(),
  windows: new Map(),
  cancelling: false,
});

export const progressAfter = (progress: Progress, event: Event, index: PlanIndex, nowMs: number): Progress => {
  switch (event.type) {
    case "step.started":
      return { ...progress, running: withEntry(progress.running, event.step, runningOf(index, event.step, nowMs)) };
    case "step.progress": {
      const before = progress.running.get(event.step) ?? runningOf(index, event.step, nowMs);
      const { done, total, unit } = event;
      const bytes = { done, unit, ...(total === undefined ? {} : { total }) };
      return { ...progress, running: withEntry(progress.running, event.step, { ...before, bytes }) };
    }
    case "step.intended":
      return event.debt?.harm === "frozen"
        ? {
            ...progress,
            windows: withEntry(progress.windows, event.debt.key, {
              instance: event.debt.target.instance,
              by: event.step,
              sinceMs: nowMs,
              dueInMs: event.debt.dueInMs,
              is: "freezing",
            }),
          }
        : progress;
    case "step.ended":
      return {
        ...progress,
        ended: progress.ended + 1,
        running: without(progress.running, event.step),
        windows: frozenBy(progress.windows, event.step, event.end.as === "succeeded", nowMs),
      };
    case "debt.paying":
      return { ...progress, windows: changed(progress.windows, event.debt, (one) => ({ ...one, is: "thawing" })) };
    case "debt.paid":
    case "debt.void":
      return { ...progress, windows: without(progress.windows, event.debt) };
    case "run.cancel":
      return { ...progress, cancelling: true };
    case "run.started":
    case "run.settled":
    case "run.recovering":
    case "run.undoing":
    case "step.undone":
    case "step.ticketed":
    case "step.retrying":
    case "step.waiting":
    case "debt.failed":
      return progress;
  }
};

const runningOf = (index: PlanIndex, key: StepKey, nowMs: number): Running => ({
  title: index.steps.get(key)?.title ?? key,
  sinceMs: nowMs,
});

/** The window's clock starts again when the freeze is proved. A freeze in doubt keeps counting from its intent. */
const frozenBy = (windows: Progress["windows"], step: StepKey, proved: boolean, nowMs: number): Progress["windows"] => {
  const opened = [...windows].find(([, { by }]) => by === step)?.[0];
  if (opened === undefined || !proved) return windows;
  return changed(windows, opened, (window) => ({ ...window, is: "frozen", sinceMs: nowMs }));
};

const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value);

const without = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
};

const changed = <K, V>(map: ReadonlyMap<K, V>, key: K, change: (value: V) => V): ReadonlyMap<K, V> => {
  const value = map.get(key);
  return value === undefined ? map : withEntry(map, key, change(value));
};
