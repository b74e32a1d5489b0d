import type { Step } from "../plan/plan.ts";
import type { Lane } from "../plugin/context.ts";
import type { StepDriver } from "../plugin/plugin.ts";
import type { Drive } from "./drive.ts";

/** How long what a step's provider accepted may stay invisible; a script is done when it has returned. */
export const settleMsOf = async (
  { fleet }: Pick<Drive, "fleet">,
  { does, provider }: Step,
  lane: Lane = "work",
): Promise<number> =>
  does === "call" || provider === undefined ? 0 : (await fleet.connection(provider, lane)).settleMs;

/** The handler that serves a step: a runner's for a bound call, else the provider's on the given lane. */
export const driverOf = async (drive: Pick<Drive, "fleet">, step: Step, lane: Lane): Promise<StepDriver> => {
  if (step.does === "call") return (await drive.fleet.runner(step.call.runner)).drive(step);
  if (step.provider === undefined) throw new Error(`Step ${step.key} names neither a provider nor a runner.`);
  return (await drive.fleet.connection(step.provider, lane)).drive(step);
};
