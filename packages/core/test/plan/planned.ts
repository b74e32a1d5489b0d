import type { Deployment } from "../../src/model/deployment.ts";
import type { Problem } from "../../src/model/result.ts";
import { plan } from "../../src/plan/make.ts";
import type { PlanOptions } from "../../src/plan/options.ts";
import { stepsOf, type PlanBody, type Step } from "../../src/plan/plan.ts";
import type { Facts } from "../../src/plan/facts.ts";
import type { Workflow } from "../../src/vocabulary/operation.ts";
import { facts, options } from "./world.ts";

/** The plan, or an error that shows what was refused. */
export const planned = (
  workflow: Workflow,
  of: Deployment,
  known: Facts = facts(of),
  wanted: Partial<PlanOptions> = {},
): PlanBody => {
  const made = plan(workflow, of, known, options(wanted));
  if (made.ok) return made.value;
  throw new Error(made.problems.map(({ code, message }) => `${code}: ${message}`).join("\n"));
};

/** The problems; an error when there is a plan. */
export const refused = (
  workflow: Workflow,
  of: Deployment,
  known: Facts = facts(of),
  wanted: Partial<PlanOptions> = {},
): readonly Problem[] => {
  const made = plan(workflow, of, known, options(wanted));
  if (!made.ok) return made.problems;
  throw new Error(`Planned: ${JSON.stringify(shapeOf(made.value))}`);
};

/** `"freeze machines: web[freeze/web] db[freeze/db]"`: units of a stage, steps side by side joined by `+`, links by `, `. */
export const shapeOf = ({ stages }: PlanBody): readonly string[] =>
  stages.map(
    ({ name, chains }) =>
      `${name}: ${chains
        .map(({ unit, links }) => `${unit}[${links.map((link) => link.map(({ key }) => key).join("+")).join(", ")}]`)
        .join(" ")}`,
  );

export const stepOf = (body: PlanBody, key: string): Step => {
  const step = stepsOf(body).find((one) => one.key === key);
  if (step !== undefined) return step;
  throw new Error(
    `No step ${key} among ${stepsOf(body)
      .map((one) => one.key)
      .join(" ")}`,
  );
};

/** Steps by their keys, to ask whether there is one. */
export const keysOf = (body: PlanBody): readonly string[] => stepsOf(body).map(({ key }) => key);
export const codesOf = (problems: readonly Problem[]): readonly string[] => problems.map(({ code }) => code);
export const notesOf = ({ notes }: PlanBody): string => notes.map(({ message }) => message).join("\n");
