import { failure } from "../error/provider-error.ts";
import type { Outcome } from "../model/artefact.ts";
import type { Step } from "../plan/plan.ts";
import { attemptInfo } from "./attempt.ts";
import { withDeadline } from "./deadline.ts";
import type { Drive } from "./drive.ts";
import { driverOf, settleMsOf } from "./driver-of.ts";
import type { StepState } from "./run-state.ts";

const never = new AbortController().signal;
const lookMs = 60_000;
const pollMs = 500;

/**
 * What a step did whose process died over it, as the provider shows it; undefined for one that did nothing. It looks
 * twice: a call that was under way may come true late. Throws ProviderFailure when it cannot be told.
 */
export const lookBack = async (
  drive: Drive,
  step: Step,
  { attempts }: Pick<StepState, "attempts">,
): Promise<Outcome | undefined> => {
  const settleMs = await settleMsOf(drive, step);
  return await withDeadline(drive.clock, lookMs + settleMs, never, step.title, async (signal) => {
    const driver = await driverOf(drive, step, "work");
    const info = await attemptInfo(drive, step, { attempt: attempts, lane: "work", signal, frozen: false });
    let look = await driver.observe(info);
    if (look.is === "absent" && settleMs > 0) {
      await info.sleep(settleMs);
      look = await driver.observe(info);
    }
    while (look.is === "running") {
      await info.sleep(pollMs);
      look = await driver.observe(info);
    }
    if (look.is === "done") return look.outcome;
    if (look.is === "absent") return undefined;
    throw unclear(step, look.is === "ambiguous" ? `several objects match: ${look.ids.join(", ")}` : look.reason);
  });
};

const unclear = ({ title }: Step, why: string) =>
  failure("conflict", `${title}: what it did before its process died cannot be told (${why}); nothing was touched.`);
