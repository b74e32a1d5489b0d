import { QuiesceError, stepsOf, type Plan, type Step } from "@quiesce/core";
import { askYesNo } from "../input/ask-yes-no.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { Interruption } from "../signals/interruption.ts";

/** Asks before a plan destroys something: y for a removal, the deployment's name where it overwrites machines. */
export const confirmPlan = async (plan: Plan, yes: boolean, invocation: Invocation): Promise<void> => {
  const destructive = stepsOf(plan).filter(({ risk }) => risk === "destructive");
  if (destructive.length === 0 || yes) return;
  const overwrites = plan.workflow === "restore";
  const what = overwrites
    ? `This overwrites ${instancesOf(destructive)} of ${plan.deployment} in place.`
    : `This removes ${plan.backup?.kind ?? "set"} ${plan.backup?.name ?? ""} of ${plan.deployment}: ${instancesOf(destructive)}.`;
  if (!invocation.interactive)
    throw new QuiesceError("unconfirmed", `${what} Nobody can be asked here, so nothing was done.`, {
      hint: "Add --yes when that is meant.",
    });
  invocation.output.warn(what);
  const agreed = overwrites ? await askForName(plan.deployment) : await askYesNo("Remove it?");
  if (!agreed) throw new QuiesceError("unconfirmed", "Not confirmed; nothing was done.");
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
