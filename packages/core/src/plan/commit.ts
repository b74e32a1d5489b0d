import type { Deployment } from "../model/deployment.ts";
import { resultOf, type Result } from "../model/result.ts";
import { bodyOf } from "./body.ts";
import { castOf } from "./cast.ts";
import type { Facts } from "./facts.ts";
import { levelsOf, stagesOf, type Part } from "./levels.ts";
import type { PlanOptions } from "./options.ts";
import type { PlanBody, Step } from "./plan.ts";
import { recordedMember } from "./recorded-member.ts";
import { revokeStep } from "./revoke-step.ts";
import { isOfSameObject, recordsOf, type RevokeRequest } from "./revoked.ts";
import { setOf } from "./undo.ts";
import { startPlanning, type Planning } from "./world.ts";

/**
 * What keeping a restored state does: what was kept for the way back goes. Older ways back of the same machine go with
 * it, because they led through this one.
 */
export const commitBody = (
  request: RevokeRequest,
  deployment: Deployment,
  facts: Facts,
  options: PlanOptions,
): Result<PlanBody> => {
  const planning = startPlanning("restore", deployment, facts, options);
  const records = recordsOf(planning, request);
  const taken = records.flatMap((record) => {
    const member = recordedMember(planning, record);
    return member === undefined ? [] : [{ member, steps: stepsOf(planning, request, record, member) }];
  });
  const members = taken.map(({ member }) => member);
  const { units } = castOf(planning, members);
  const parts = taken.map(({ member, steps }): Part => ({ id: member.id, steps }));
  const levels = levelsOf(parts, new Map(), units.unitOf, "dependencies-first");
  return resultOf(planning.findings.problems, () =>
    bodyOf(planning, { stages: stagesOf("remove what was kept", levels, units, 0), members, ...setOf(records) }),
  );
};

type Record = RevokeRequest["records"][number];

const stepsOf = (
  { world, findings }: Planning,
  { records }: RevokeRequest,
  record: Record,
  member: Parameters<typeof revokeStep>[1],
): Part["steps"] => {
  const older = records.slice(records.indexOf(record) + 1).filter((one) => isOfSameObject(one, record));
  for (const { run, backup } of older)
    findings.notes.push({
      about: record.instance,
      message: `The way back from the older restore of ${record.instance} (run ${run}, ${backup.kind} ${backup.name}) goes too: it led through this one.`,
    });
  const first = revokeStep(world, member, record, "commit");
  return [first, ...older.map((one, at): Step => revokeStep(world, member, one, "commit", at + 1))];
};
