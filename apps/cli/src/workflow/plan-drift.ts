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
  const changed = fields.filter(([, read]) => !isDeepStrictEqual(read(before), read(after)));
  if (changed.length === 0) return ["something changed that its provider counts, such as its snapshots"];
  return changed.map(([field, read]) => `${field} was ${shown(read(before))}, is ${shown(read(after))}`);
};

const fields: readonly (readonly [name: string, read: (survey: Survey) => unknown])[] = [
  ["id", ({ providerId }) => providerId],
  ["name", ({ name }) => name],
  ["state", ({ state }) => state],
  ["account", ({ account }) => account],
  ["disks", ({ disks }) => disks.map(({ name, volume }) => `${name} ${volume ?? "without a volume"}`)],
  ["attached to", ({ attachedTo }) => attachedTo],
  ["what it cannot do", ({ lowered }) => lowered.map(({ cell }) => cell.operation)],
  ["notes", ({ notes }) => notes],
];

const longest = 200;

const shown = (value: unknown): string => {
  const text = Array.isArray(value) ? value.join(", ") || "none" : String(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
};
