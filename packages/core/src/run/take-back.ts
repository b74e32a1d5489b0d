import type { ProviderError } from "../error/provider-error.ts";
import type { Outcome } from "../model/artefact.ts";
import { asId, type StepKey } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Step } from "../plan/plan.ts";
import { cleaningUp, type Drive } from "./drive.ts";
import { driveStep } from "./drive-step.ts";
import { lookBack } from "./look-back.ts";
import { problemOf } from "./problem-of.ts";
import type { StepState } from "./run-state.ts";
import { discardCapture, isUntouched } from "./take-back-step.ts";
import { undoKey } from "./undo-key.ts";

const never = new AbortController().signal;

/**
 * Takes back what a run did, newest first: captures are discarded, machines that it suspended are resumed, restores
 * are undone. Removals and resumes are not taken back: nobody could. Gives what could not be.
 */
export const takeBack = async (drive: Drive): Promise<readonly ProviderError[]> => {
  const { steps } = await drive.store.state(drive.run);
  const cleaning = cleaningUp(drive);
  const problems: ProviderError[] = [];
  for (const { chains } of drive.index.plan.stages.toReversed())
    await Promise.all(
      chains.map(async ({ links }) => {
        for (const link of links.toReversed())
          for (const step of link.toReversed())
            problems.push(...(await takeBackStep(cleaning, step, steps.get(step.key))));
      }),
    );
  return problems;
};

const takeBackStep = async (
  drive: Drive,
  step: Step,
  state: StepState | undefined,
): Promise<readonly ProviderError[]> => {
  if (state === undefined || state.undone === true || isUntouched(state)) return [];
  if (step.operation.endsWith(".create") && (step.does === "capture" || step.does === "call")) {
    const end = await discardCapture(drive, step, state, "close");
    return end.as === "failed" || end.as === "in-doubt" ? [end.error] : [];
  }
  try {
    return await reverse(drive, step, state, await reversed(drive, step, state));
  } catch (thrown) {
    return [problemOf(thrown, never)];
  }
};

const reverse = async (
  drive: Drive,
  step: Step,
  { epoch }: StepState,
  inverse: readonly Step[],
): Promise<readonly ProviderError[]> => {
  for (const one of inverse) {
    const end = await driveStep(one, epoch, drive);
    if (end.as === "failed" || end.as === "in-doubt") return [end.error];
  }
  if (inverse.length > 0) await drive.journal.record({ type: "step.undone", step: step.key, epoch });
  return [];
};

/** The steps that undo a step; none where there is nothing to undo. */
const reversed = async (drive: Drive, step: Step, state: StepState): Promise<readonly Step[]> => {
  if (step.operation === "suspend" && step.does === "call") return boundResume(drive, step);
  if (step.does !== "cell") return [];
  if (step.operation === "suspend") {
    const did = await outcomeOf(drive, step, state);
    if (did !== undefined) return [inverse(step, { operation: "resume", input: { prior: did.saved } })];
    await drive.journal.record({ type: "step.undone", step: step.key, epoch: state.epoch });
    return [];
  }
  if (!step.operation.endsWith(".restore") || isBeside(step)) return [];
  const { plan } = drive.index;
  const kept = state.end?.as === "succeeded" ? state.end.outcome.recovery?.kept : undefined;
  const restored = { run: drive.run, backup: plan.backup?.name ?? "" };
  const input: JsonObject = { ...step.input, restored, ...(kept === undefined ? {} : { kept }) };
  return [{ ...inverse(step, { operation: step.operation, input }), does: "undo", of: drive.run }];
};

/** What a step did. What a look shows of one in doubt is written down: where taking it back fails, it stays done. */
const outcomeOf = async (drive: Drive, step: Step, state: StepState): Promise<Outcome | undefined> => {
  if (state.end?.as === "succeeded") return state.end.outcome;
  const outcome = await lookBack(drive, step, state);
  if (outcome !== undefined) {
    const end = { as: "succeeded", outcome } as const;
    await drive.journal.record({ type: "step.ended", step: step.key, epoch: state.epoch, end, tookMs: 0 });
  }
  return outcome;
};

/** A machine that was made beside the original is no harm to it; it is left for its user to look at. */
const isBeside = ({ input }: Step): boolean =>
  (input["as"] as { readonly place?: string } | undefined)?.place === "new";

const inverse = (
  step: Extract<Step, { does: "cell" }>,
  change: Pick<Step, "operation" | "input">,
): Extract<Step, { does: "cell" }> => {
  const { owes: _, ...rest } = step;
  return { ...rest, ...change, ...asInverse(step), reads: {} };
};

const asInverse = ({ key, title }: Step) => ({
  key: undoKey(key),
  title: `Take back: ${title}`,
  onFailure: "note" as const,
});

/** A service that a script suspended: all calls of its bound resume, once. */
const boundResume = ({ deployment }: Drive, step: Extract<Step, { does: "call" }>): readonly Step[] => {
  const [{ instance }] = step.targets;
  const calls = deployment.instances[instance]?.bound.resume ?? [];
  if (step.key !== asId<StepKey>(`suspend/${instance}`)) return [];
  const { owes: _, ...rest } = step;
  return calls.map((call, at): Step => ({
    ...rest,
    ...asInverse(step),
    key: asId<StepKey>(`${undoKey(step.key)}.${at + 1}`),
    operation: "resume",
    input: { ...step.input, operation: "resume" },
    reads: {},
    call,
  }));
};
