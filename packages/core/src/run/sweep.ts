import type { Leftover } from "../event/event.ts";
import type { ProviderName } from "../model/id.ts";
import type { Step } from "../plan/plan.ts";
import type { OwnedArtefact } from "../plugin/spec.ts";
import { withDeadline } from "./deadline.ts";
import { cleaningUp, type Drive } from "./drive.ts";
import { problemOf } from "./problem-of.ts";
import { isOwed, type RunState, type StepState } from "./run-state.ts";
import { discardCapture, isUntouched } from "./take-back-step.ts";

const never = new AbortController().signal;
const deadlineMs = 120_000;

/**
 * Before a run closes: creates that did not end well are taken back, and where anything was in doubt, each provider
 * is asked for what carries this run's tag; what no outcome names is removed. Gives what stays all the same.
 */
export const sweep = async (drive: Drive, recovered: boolean): Promise<readonly Leftover[]> => {
  const { steps } = await drive.store.state(drive.run);
  const makers = [...drive.index.steps.values()].filter(isMaker);
  const unwell = makers.filter((step) => !isWell(steps.get(step.key)));
  if (drive.index.plan.workflow === "backup") await discardUnwell(drive, steps);
  if (unwell.length === 0 && !recovered) return [];
  const state = await drive.store.state(drive.run);
  const providers = new Set(makers.flatMap(({ provider }) => provider ?? []));
  const left = await Promise.all([...providers].map((provider) => sweepProvider(drive, provider, state)));
  return left.flat();
};

/** A step that makes objects at a provider: artefacts, new disks, a mark on a machine that is suspended. */
const isMaker = ({ does, operation }: Step): boolean =>
  (does === "capture" || does === "prepare" || does === "complete" || does === "cell") &&
  (operation.endsWith(".create") || operation.endsWith(".restore") || operation === "suspend");

const isWell = (state: StepState | undefined): boolean =>
  state === undefined || isUntouched(state) || (state.end?.as === "succeeded" && state.undone !== true);

/** A capture that failed, or whose bytes did not come, is no part of a set. One whose bytes were not yet asked for stays as it is. */
const discardUnwell = async (drive: Drive, steps: RunState["steps"]): Promise<void> => {
  const cleaning = cleaningUp(drive);
  const captures = [...drive.index.steps.values()].filter(({ does }) => does === "capture");
  await Promise.all(
    captures.map(async (step) => {
      const state = steps.get(step.key);
      const complete = drive.index.completeOf.get(step.key);
      const last = state?.end?.as === "succeeded" && complete !== undefined ? steps.get(complete.key) : state;
      if (state === undefined || !isLost(last) || (await isReleased(drive, complete))) return;
      await discardCapture(cleaning, step, state, "close");
    }),
  );
};

/** Its release took away what it made. */
const isReleased = async ({ store, run, index }: Drive, complete: Step | undefined): Promise<boolean> => {
  const held = complete && index.heldFor.get(complete.key);
  return held !== undefined && (await store.debt(run, held))?.state === "paid";
};

const isLost = (state: StepState | undefined): boolean => {
  switch (state?.end?.as) {
    case "failed":
    case "in-doubt":
      return true;
    case "skipped":
      return state.end.reason === "cancelled";
    case undefined:
      return state?.intendedAt !== undefined;
    case "succeeded":
    case "compared":
      return false;
  }
};

const sweepProvider = async (drive: Drive, provider: ProviderName, state: RunState): Promise<readonly Leftover[]> => {
  const { run, store, index, clock, fleet } = drive;
  const by = { store: store.id, deployment: index.plan.deployment, run };
  const left: Leftover[] = [];
  try {
    const connection = await fleet.connection(provider, "rescue");
    if (connection.settleMs > 0) await clock.sleep(connection.settleMs, never);
    const found = await withDeadline(clock, deadlineMs, never, `Listing what run ${run} made`, (signal) =>
      Array.fromAsync(connection.owned(by, signal)),
    );
    const isKept = keptBy(state);
    // A provider that does not know a filter tells more than it was asked for.
    const isOurs = ({ tag }: OwnedArtefact): boolean => tag.store === by.store && tag.run === run;
    for (const one of found.filter((artefact) => isOurs(artefact) && !isKept(artefact))) {
      try {
        await withDeadline(clock, deadlineMs, never, `Removing ${one.name}`, (signal) =>
          connection.discard(one, signal),
        );
      } catch (thrown) {
        left.push(leftover(provider, one, problemOf(thrown, never).message));
      }
    }
  } catch (thrown) {
    // A list that is not whole says nothing about what is there: nothing is removed by it.
    const { message } = problemOf(thrown, never);
    left.push({ provider, kind: "unknown", id: run, name: `what run ${run} made`, reason: message });
  }
  return left;
};

/** Named by the outcome of a step that went well, kept for a way back, or still held by a debt that is told itself. */
const keptBy = ({ steps, debts }: RunState): ((artefact: OwnedArtefact) => boolean) => {
  const named = new Set(
    [...steps.values()].flatMap(({ end, undone }) =>
      end?.as === "succeeded" && undone !== true ? end.outcome.artefacts.map(({ id }) => id) : [],
    ),
  );
  const holding = new Set([...debts.values()].flatMap((debt) => (isOwed(debt) ? [debt.spec.target.providerId] : [])));
  return ({ id, use, owner }) => named.has(id) || use === "recovery" || (use === "working" && holding.has(owner));
};

const leftover = (provider: ProviderName, { kind, id, name }: OwnedArtefact, reason: string): Leftover => ({
  provider,
  kind,
  id,
  name,
  reason,
});
