import { readFile, rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isSealed, QuiesceError, type Deployment, type Facts, type Plan } from "@quiesce/core";
import type { Invocation } from "../invocation/invocation.ts";

/** A plan with what `apply` needs to find its deployment again and to say what has changed since. */
export interface PlanFile {
  readonly schema: "quiesce.plan-file/1";
  readonly madeAt: string;
  /** Absolute path of the deployment file. */
  readonly file: string;
  /** The deployment as it was planned; its secrets are references. */
  readonly deployment: Deployment;
  /** What the survey saw, for the difference. */
  readonly surveys: Facts["surveys"];
  readonly plan: Plan;
}

interface Planned {
  readonly plan: Plan;
  readonly file: string;
  readonly deployment: Deployment;
  readonly facts: Facts;
}

/** Writes the plan beside its place first, so that a reader never finds half of it. */
export const savePlan = async (
  path: string,
  { plan, file, deployment, facts }: Planned,
  { cwd, output }: Invocation,
): Promise<void> => {
  const target = resolve(cwd, path);
  const content: PlanFile = {
    schema: "quiesce.plan-file/1",
    madeAt: new Date().toISOString(),
    file,
    deployment,
    surveys: facts.surveys,
    plan,
  };
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
    await rename(temporary, target);
  } catch (thrown) {
    throw new QuiesceError("usage", `The plan cannot be written to ${target}: ${(thrown as Error).message}`);
  }
  output.note(`Saved to ${target}. Run it with: quiesce apply ${path}`);
};

/** Reads a saved plan; refuses one that is no plan, and one that was edited. */
export const readPlan = async (path: string, { cwd }: Invocation): Promise<PlanFile> => {
  const target = resolve(cwd, path);
  const text = await readFile(target, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    throw new QuiesceError(
      thrown.code === "ENOENT" ? "not-found" : "usage",
      `The plan ${target} cannot be read: ${thrown.code === "ENOENT" ? "there is no such file" : thrown.message}.`,
      { hint: "Make one: quiesce plan WORKFLOW DEPLOYMENT --out FILE" },
    );
  });
  const file = parse(text);
  if (file === undefined)
    throw new QuiesceError("usage", `${target} is no saved plan.`, {
      hint: "Make one: quiesce plan WORKFLOW DEPLOYMENT --out FILE",
    });
  if (!isSealed(file.plan))
    throw new QuiesceError("refused", `The plan in ${target} was changed after it was made; its digest does not fit.`, {
      hint: "Plan again: only a plan that was shown is run.",
    });
  return file;
};

const parse = (text: string): PlanFile | undefined => {
  try {
    const read = JSON.parse(text) as Partial<PlanFile> | null;
    const complete =
      read?.schema === "quiesce.plan-file/1" &&
      read.plan?.schema === "quiesce.plan/1" &&
      typeof read.file === "string" &&
      typeof read.deployment === "object" &&
      typeof read.surveys === "object";
    return complete ? (read as PlanFile) : undefined;
  } catch {
    return undefined;
  }
};
