import type { ProviderError } from "../error/provider-error.ts";
import type { Drive } from "./drive.ts";
import type { Engine } from "./engine.ts";
import { withdrawManifest } from "./kept-manifest.ts";
import { runPlan } from "./run-plan.ts";

/** Works through the plan, from the start or from where the journal ends. Gives the error that kept it from beginning. */
export const forward = async (drive: Drive, engine: Engine): Promise<ProviderError | undefined> => {
  const withdrawn = await withdrawManifest(drive);
  if (withdrawn === undefined) await runPlan(drive.index.plan, engine);
  return withdrawn;
};
