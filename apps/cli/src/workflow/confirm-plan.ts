import { QuiesceError, stepsOf, type Plan, type Step } from "@quiesce/core";
import { askYesNo } from "../input/ask-yes-no.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { Interruption } from "../signals/interruption.ts";

/** Asks before a plan destroys something: y for a removal, the deployment's name where it overwrites machines. */
export const confirmPlan = async (plan: Plan, yes: boolean, invocation: Invocation): Promise<void> => {
  const destructive = stepsOf(plan).filter(({ risk }) => risk === "destructive");
  if (destructive.length === 0 || yes) return;
  const overwrites = plan.workflow === "restore" && !destructive.every(({ does }) => does === "commit");
  const what = harmOf(plan, destructive);
  if (!invocation.interactive)
    throw new QuiesceError("unconfirmed", `${what} Nobody can be asked here, so nothing was done.`, {
      hint: "Add --yes when that is meant.",
    });
  invocation.output.warn(what);
  const agreed = overwrites ? await askForName(plan.deployment) : await askYesNo("Remove it?");
  if (!agreed) throw new QuiesceError("unconfirmed", "Not confirmed; nothing was done.");
};

const harmOf = ({ deployment, workflow, backup }: Plan, destructive: readonly Step[]): string => {
  const instances = `${instancesOf(destructive)} of ${deployment}`;
  const set = `${backup?.kind ?? "set"} ${backup?.name ?? ""}`;
  if (destructive.some(({ does }) => does === "undo"))
    return `This takes back the restore of ${instances} from ${set}: what was written since is lost.`;
  if (destructive.some(({ does }) => does === "commit"))
    return `This removes what was kept of ${instances} from before the restore from ${set}: there is no way back then.`;
  if (workflow === "restore") return `This overwrites ${instances} in place.`;
  return `This removes ${set} of ${deployment}: ${instancesOf(destructive)}.`;
};

const instancesOf = (steps: readonly Step[]): string =>
  [...new Set(steps.flatMap(({ targets }) => targets.map(({ instance }) => instance)))].join(", ");

const askForName = async (deployment: string): Promise<boolean> => {
  const { isCancel, text } = await import("@clack/prompts");
  const answer = await text({
    message: `Type the deployment's name (${deployment}) to go on:`,
    output: process.stderr,
  });
  if (isCancel(answer)) throw new Interruption("SIGINT");
  return answer === deployment;
};
