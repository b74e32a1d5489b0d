import { isDeepStrictEqual } from "node:util";
import type { Facts, InstanceId, Problem, Survey } from "@quiesce/core";
import type { PlanFile } from "./plan-file.ts";

/** Why a saved plan is stale: each instance whose fingerprint is another one now, with what is different about it. */
export const planDrift = ({ plan, surveys }: PlanFile, now: Facts): readonly Problem[] =>
  Object.entries(plan.surveyed).flatMap(([id, planned]) => {
    const instance = id as InstanceId;
    const survey = now.surveys[instance];
    if (survey?.fingerprint === planned) return [];
    const gone = now.unsurveyed[instance];
    const what =
      survey === undefined
        ? (gone?.reason ?? "it is not in the deployment any more.")
        : changesOf(surveys[instance], survey).join("; ");
    return [{ code: "stale-plan" as const, instance, message: `${id}: ${what}` }];
  });

const changesOf = (before: Survey | undefined, after: Survey): readonly string[] => {
  if (before === undefined) return ["it is not what it was"];
  const fields = [
    "providerId",
    "name",
    "state",
    "account",
    "disks",
    "attachedTo",
    "lowered",
    "notes",
    "maxFreezeMs",
  ] as const;
  const changed = fields.filter((field) => !isDeepStrictEqual(before[field], after[field]));
  if (changed.length === 0) return ["something changed that its provider counts, such as its snapshots"];
  return changed.map((field) => `${field} was ${shown(before[field])}, is ${shown(after[field])}`);
};

const longest = 200;

const shown = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "unknown");
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
};
