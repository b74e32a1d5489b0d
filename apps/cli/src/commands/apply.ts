import type { Define } from "../program/command-entry.ts";
import type { ApplyFlags } from "../workflow/apply-plan.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("<file>", "a plan that `quiesce plan … --out` saved")
    .option("--allow-partial", "take a partial result for a success")
    .option("--allow-drift", "differences that a comparison finds are no failure")
    .option("--timeout <duration>", "end the run in an orderly way after this time")
    .option("-y, --yes", "do not ask")
    .action(async (file: string, flags: ApplyFlags) => {
      const { applyPlan } = await import("../workflow/apply-plan.ts");
      invocation.exitCode = await applyPlan(file, flags, invocation);
    });
};
