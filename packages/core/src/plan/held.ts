import { asId, type DebtKey, type StepKey } from "../model/id.ts";
import type { Member } from "./member.ts";
import type { Step } from "./plan.ts";
import { stepKey } from "./step.ts";
import type { World } from "./world.ts";

export interface Held {
  readonly prepare: Step;
  readonly release: Step;
}

/** A release looks more than once, for a call whose reply was lost: however short removals are meant to be. */
const leastReleaseMs = 30_000;

/** The debt of a capture that holds a job and scratch space: from before it is prepared until it is released. */
export const oweRelease = (
  { options }: World,
  member: Member,
  capture: Extract<Step, { does: "capture" }>,
  completes: StepKey,
): Held => {
  const key = stepKey("prepare", member);
  const debt = asId<DebtKey>(`held:${key}`);
  const { provider, account, operation, input } = capture;
  const { timeoutMs } = options;
  const releaseMs = Math.max(timeoutMs.remove, leastReleaseMs);
  const base = { ...capture, covers: [], reads: {} };
  return {
    prepare: {
      ...base,
      does: "prepare",
      key,
      title: `Prepare ${options.kind} ${options.name} of ${member.id}`,
      owes: {
        key: debt,
        harm: "held",
        target: member.target,
        dueInMs: 2 * timeoutMs.capture + timeoutMs.complete,
        pay: {
          ...(provider === undefined ? {} : { provider }),
          account,
          operation,
          input,
          timeoutMs: releaseMs,
          completes,
        },
      },
    },
    release: {
      ...base,
      does: "release",
      key: stepKey("release", member),
      title: `Release what ${options.kind} ${options.name} of ${member.id} holds`,
      debt,
      of: completes,
      timeoutMs: releaseMs,
    },
  };
};
