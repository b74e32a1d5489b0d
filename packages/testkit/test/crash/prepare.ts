import { asId, startRun, type RunId } from "@quiesce/core";
import { startProcess, type CrashWorld } from "./crash-world.ts";
import type { CrashCase } from "./crash-case.ts";
import { olderName, planIn } from "./plan-in.ts";

/** What must have happened before the run: the sets that it restores, removes or builds on, the suspend that it ends. */
export const prepare = async (world: CrashWorld, { workflow, kind, incremental, vms }: CrashCase): Promise<void> => {
  if (workflow === "resume") return await runOnce(world, "r1", { workflow: "suspend", kind });
  if (workflow === "suspend") return;
  const chained = kind === "backup" && incremental;
  if (workflow !== "backup" || chained) await runOnce(world, "r1", { workflow: "backup", kind, name: firstName });
  if (workflow === "backup") return;
  for (const { name } of vms) writeIn(world, name, "between");
  await runOnce(world, "r2", { workflow: "backup", kind, name: olderName, incremental: chained });
  for (const { name } of vms) writeIn(world, name, "afterwards");
};

const firstName = "first";

const writeIn = ({ cloud }: CrashWorld, name: string, text: string): void =>
  cloud.write(`vm-${name}`, `${name} ${text}`);

const runOnce = async (world: CrashWorld, run: string, wanted: Parameters<typeof planIn>[2]): Promise<void> => {
  const process = startProcess(world, `worker of ${run}`);
  const plan = await planIn(world, process, wanted);
  const onEvent = (): void => {};
  const request = { run: asId<RunId>(run), plan, deployment: world.deployment, onEvent };
  const { result } = await startRun(request, process.parts);
  const { status } = await world.clock.until(result);
  if (status !== "succeeded") throw new Error(`${run} should have succeeded, but is ${status}.`);
};
