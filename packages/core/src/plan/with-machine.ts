import type { InstanceId } from "../model/id.ts";
import type { Attachments } from "./attachments.ts";
import { effectiveCell } from "./cell.ts";
import type { Create } from "./disks.ts";
import { objectKey, type Member } from "./member.ts";
import type { World } from "./world.ts";

/**
 * Volumes that could be captured by themselves, but that a machine of this plan takes with its own step: taken twice,
 * their content would be of two times. What the survey lowered of them does not matter then: nobody calls their cell.
 */
export const takenByMachines = (
  world: World,
  members: readonly Member[],
  operation: Create,
  { instancesOf }: Attachments,
): ReadonlySet<InstanceId> => {
  const taken = new Set<InstanceId>();
  for (const machine of members) {
    if (machine.target.kind !== "vm" || !capturesItself(world, machine, operation)) continue;
    for (const { volume, captured } of machine.survey?.disks ?? [])
      if (volume !== undefined && captured[operation].by === "vm")
        for (const id of instancesOf.get(objectKey(machine.account, volume)) ?? []) taken.add(id);
  }
  return new Set(
    members.flatMap((member) => {
      if (member.target.kind !== "volume" || !taken.has(member.id)) return [];
      const cell = effectiveCell(world, member, operation);
      return cell.is === "declared" && cell.declared.mode === "supported" ? [member.id] : [];
    }),
  );
};

const capturesItself = (world: World, machine: Member, operation: Create): boolean => {
  const cell = effectiveCell(world, machine, operation);
  return cell.is === "declared" && cell.now.mode === "supported" && !machine.instance.skip.includes(operation);
};

/** Volumes of a set whose content is inside of what was made of their machine: they come and go with it. */
export const heldByMachines = (members: readonly Member[]): ReadonlySet<InstanceId> =>
  new Set(
    members.flatMap(({ id, target, item }) =>
      target.kind === "volume" && item?.coveredBy !== undefined && item.artefacts.length === 0 ? [id] : [],
    ),
  );
