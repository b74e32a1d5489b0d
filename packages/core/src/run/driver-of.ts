import type { Step } from "../plan/plan.ts";
import type { Lane } from "../plugin/context.ts";
import type { StepDriver } from "../plugin/plugin.ts";
import type { Drive } from "./drive.ts";

/** The handler that serves a step: a runner's for a bound call, else the provider's on the given lane. */
export const driverOf = async (drive: Pick<Drive, "fleet">, step: Step, lane: Lane): Promise<StepDriver> => {
  if (step.does === "call") return (await drive.fleet.runner(step.call.runner)).drive(step);
  if (step.provider === undefined) throw new Error(`Step ${step.key} names neither a provider nor a runner.`);
  return (await drive.fleet.connection(step.provider, lane)).drive(step);
};
