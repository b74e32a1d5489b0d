import { asId, type StepKey } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { RecoveryRecord } from "../model/recovery.ts";
import type { RecoveryPoint } from "../plugin/survey.ts";
import type { Member } from "./member.ts";
import type { Step } from "./plan.ts";
import { besideName } from "./revoked.ts";
import { baseOf } from "./step.ts";
import type { World } from "./world.ts";

/** A step that takes a restore back, or gives up the way back from it. `at`: counts those of one instance, from 0. */
export const revokeStep = (
  world: World,
  member: Member,
  record: RecoveryRecord,
  does: "undo" | "commit",
  at = 0,
): Step => {
  const operation = `${record.backup.kind}.restore` as const;
  const restored = { run: record.run, backup: record.backup.name };
  const input: JsonObject = { ...record.input, restored, kept: record.point.kept };
  return {
    ...baseOf(world, member, operation, {}),
    input,
    key: asId<StepKey>(`${does}${at === 0 ? "" : `.${at + 1}`}/${member.id}`),
    title: does === "undo" ? undoTitle(record) : commitTitle(record),
    risk: "destructive",
    recovery: noWayBack[does],
    does,
    of: record.run,
    ...(does === "commit" ? { timeoutMs: world.options.timeoutMs.remove } : {}),
  };
};

const noWayBack: Readonly<Record<"undo" | "commit", RecoveryPoint>> = {
  undo: { is: "none", reason: "what was written since the restore goes with the restored disks" },
  commit: { is: "none", reason: "it is the way back that goes" },
};

const nameOf = ({ instance, providerId, input }: RecoveryRecord): string =>
  besideName(input["as"]) ?? (instance === providerId ? instance : `${instance} (${providerId})`);

const undoTitle = (record: RecoveryRecord): string => {
  const { backup, point } = record;
  const restore = `the restore of ${nameOf(record)} from ${backup.kind} ${backup.name}`;
  return point.is === "absent" ? `Take back ${restore}: it is removed with its disks` : `Take back ${restore}`;
};

const commitTitle = (record: RecoveryRecord): string => {
  const { backup, point } = record;
  const state = `Keep ${nameOf(record)} as restored from ${backup.kind} ${backup.name}`;
  return point.is === "absent" ? state : `${state} and remove what was before`;
};
