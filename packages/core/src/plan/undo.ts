import type { Deployment } from "../model/deployment.ts";
import type { RecoveryRecord } from "../model/recovery.ts";
import { resultOf, type Result } from "../model/result.ts";
import { bodyOf } from "./body.ts";
import { castOf } from "./cast.ts";
import type { Facts } from "./facts.ts";
import type { Part } from "./levels.ts";
import type { PlanOptions } from "./options.ts";
import type { PlanBody } from "./plan.ts";
import { preparationsOf } from "./prepare.ts";
import { preparedServices } from "./prepared-services.ts";
import { recordedMember } from "./recorded-member.ts";
import { restoreStages } from "./restore-stages.ts";
import { revokeStep } from "./revoke-step.ts";
import { isBeside, isOfSameObject, recordsOf, type RevokeRequest } from "./revoked.ts";
import { startPlanning, type Planning } from "./world.ts";

/**
 * What taking a restore back does: as in a restore, services are prepared before their machine changes and finalized
 * after it. Refused while a newer restore of the same machine is in between.
 */
export const undoBody = (
  request: RevokeRequest,
  deployment: Deployment,
  facts: Facts,
  options: PlanOptions,
): Result<PlanBody> => {
  const planning = startPlanning("restore", deployment, facts, options);
  const { world, findings } = planning;
  const records = recordsOf(planning, request);
  for (const record of records) {
    checkNewest(planning, record, request.records);
    noteLaterSets(planning, record);
  }
  const taken = records.flatMap((record) => {
    const member = recordedMember(planning, record);
    return member === undefined ? [] : [{ record, member }];
  });
  const machines = taken.map(({ member }) => member);
  const services = preparedServices(planning, [...world.instances.keys()]);
  const cast = castOf(planning, [...machines, ...services]);
  const changed = new Set(
    taken.flatMap(({ record, member }) => (isBeside(record) ? [] : [cast.units.unitOf(member.id)])),
  );
  const touched = services.filter(({ id }) => changed.has(cast.units.unitOf(id)));
  const prepared = preparationsOf(planning, touched);
  const parts = taken.map(({ record, member }): Part => ({
    id: member.id,
    steps: [revokeStep(world, member, record, "undo")],
  }));
  return resultOf(findings.problems, () =>
    bodyOf(planning, {
      stages: restoreStages(planning, cast, { parts, payOf: new Map() }, prepared),
      members: [...machines, ...touched],
      ...setOf(records),
    }),
  );
};

/** What was restored, by its name: neither the set nor its repository is needed any more, and both may be gone. */
export const setOf = ([first]: readonly RecoveryRecord[]) =>
  first === undefined ? {} : { backup: { name: first.backup.name, kind: first.backup.kind } };

const checkNewest = (
  { world, findings }: Planning,
  record: RecoveryRecord,
  records: readonly RecoveryRecord[],
): void => {
  const newer = records.slice(0, records.indexOf(record)).findLast((one) => isOfSameObject(one, record));
  if (newer === undefined || newer.run === record.run) return;
  findings.problems.push({
    code: "unsupported",
    instance: record.instance,
    message: `${record.instance} was restored again by run ${newer.run} (${newer.backup.kind} ${newer.backup.name}): that restore must be taken back first.`,
    hint: `Take it back: quiesce restore ${world.deployment} --undo ${newer.run}.`,
  });
};

/** They hold what is taken back, and nothing can be a difference to them. */
const noteLaterSets = ({ world, findings }: Planning, { instance, at }: RecoveryRecord): void => {
  const later = world.sets.filter(
    ({ createdAt, items }) => createdAt > at && items.some((item) => item.instance === instance),
  );
  if (later.length === 0) return;
  findings.notes.push({
    about: instance,
    message: `${instance}: ${later.map(({ name }) => name).join(", ")} ${later.length === 1 ? "was" : "were"} taken since the restore and stay as they are. The next backup is a full one.`,
  });
};
