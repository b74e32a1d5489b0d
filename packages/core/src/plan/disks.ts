import type { InstanceId } from "../model/id.ts";
import type { Disk, GroupOperation } from "../plugin/survey.ts";
import { objectKey, type Member } from "./member.ts";
import type { Attachments } from "./attachments.ts";
import type { Coverage } from "./cover.ts";
import type { Planning } from "./world.ts";

/** The operations that take content. */
export type Create = GroupOperation;

/** Every disk of a machine that is captured must be taken by somebody, or the user must know that it is not. */
export const checkDisks = (
  planning: Planning,
  coverage: Coverage,
  attachments: Attachments,
  operation: Create,
): void => {
  const { world } = planning;
  const allowed = new Set(world.options.allowUncaptured);
  const taken = new Set<InstanceId>();
  for (const { member } of coverage.workers) taken.add(member.id);
  for (const covers of coverage.coversOf.values()) for (const { instance } of covers) taken.add(instance);
  for (const { member, route } of coverage.workers) {
    if (route.by !== "provider" || member.survey === undefined || member.target.kind !== "vm") continue;
    for (const disk of member.survey.disks) {
      const captured = disk.captured[operation];
      const others =
        disk.volume === undefined ? [] : (attachments.instancesOf.get(objectKey(member.account, disk.volume)) ?? []);
      if (captured.by === "vm" || others.some((id) => taken.has(id))) continue;
      report(planning, member, disk, captured.reason, others, allowed);
    }
  }
};

const report = (
  { world, findings }: Planning,
  member: Member,
  disk: Disk,
  reason: string,
  others: readonly InstanceId[],
  allowed: ReadonlySet<string>,
): void => {
  const name = `${member.id}:${disk.name}`;
  const what = disk.volume === undefined ? `Disk ${disk.name}` : `Disk ${disk.name} (${disk.volume})`;
  const unlisted = disk.volume !== undefined && others.length === 0;
  const why = allowed.has(name) ? "as allowed" : "because only listed volumes are wanted";
  if (allowed.has(name) || (unlisted && world.options.disks === "listed")) {
    findings.notes.push({ about: member.id, message: `${what} of ${member.id} is not captured, ${why}: ${reason}` });
    return;
  }
  findings.problems.push({
    code: "uncovered",
    instance: member.id,
    message: `${what} of ${member.id} would not be captured: ${reason}`,
    hint: `${others.length === 0 ? "Detach it" : `Select ${others.join(" or ")} too`}, or say that it may be missing: --allow-uncaptured ${name}.`,
  });
};
