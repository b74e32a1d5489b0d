import { asId, type InstanceId } from "../model/id.ts";
import type { Instance } from "../model/deployment.ts";
import type { Disk } from "../plugin/survey.ts";
import { effectiveCell } from "./cell.ts";
import { objectKey, type Member } from "./member.ts";
import type { Create } from "./disks.ts";
import type { Planning, World } from "./world.ts";

/**
 * Attached volumes that the deployment does not list join the backup of their machine as `<machine>/<disk>`, where
 * the provider can take them by themselves or reports them as taken by the machine.
 */
export const impliedVolumes = (planning: Planning, chosen: readonly Member[], operation: Create): readonly Member[] => {
  const { world, findings } = planning;
  if (world.options.disks === "listed") return [];
  const listed = listedVolumes(world);
  const implied: Member[] = [];
  for (const machine of chosen)
    for (const disk of machine.survey?.disks ?? []) {
      if (disk.volume === undefined || machine.target.kind !== "vm") continue;
      const key = objectKey(machine.account, disk.volume);
      if (listed.has(key)) continue;
      const member = impliedMember(world, machine, disk.name, disk.volume);
      if (!joins(world, member, disk, operation)) continue;
      listed.add(key);
      implied.push(member);
      const message = `${member.id} joins: volume ${disk.volume} is disk ${disk.name} of ${machine.id} and is not listed.`;
      findings.notes.push({ about: machine.id, message });
    }
  return implied;
};

/** By object at the provider. A volume that was not surveyed counts by the id that the user wrote. */
const listedVolumes = (world: World): Set<string> => {
  const listed = new Set<string>();
  for (const { id, provider, providerId } of world.instances.values()) {
    const survey = world.surveys.get(id);
    const account = survey?.account ?? (provider === undefined ? undefined : world.accounts.get(provider));
    if (account === undefined) continue;
    for (const name of [survey?.providerId, providerId]) if (name !== undefined) listed.add(objectKey(account, name));
  }
  return listed;
};

const impliedMember = (world: World, machine: Member, disk: string, providerId: string): Member => {
  let id = asId<InstanceId>(`${machine.id}/${disk}`);
  while (world.instances.has(id)) id = asId<InstanceId>(`${id}+`);
  const { provider } = machine;
  const instance: Instance = {
    id,
    kind: "volume",
    ...(provider === undefined ? {} : { provider }),
    providerId,
    properties: {},
    relations: [{ type: "attached_to", to: machine.id }],
    bound: {},
    skip: [],
  };
  return {
    id,
    instance,
    target: { instance: id, kind: "volume", providerId, properties: {} },
    ...(provider === undefined ? {} : { provider }),
    account: machine.account,
  };
};

/** A volume that nothing can take by itself stays a disk of its machine, and the check of disks speaks of it. */
const joins = (world: World, member: Member, disk: Disk, operation: Create): boolean => {
  const cell = effectiveCell(world, member, operation);
  if (cell.is !== "declared") return false;
  const [{ mode: declared }, { mode }] = [cell.declared, cell.now];
  if (disk.captured[operation].by === "vm") return mode === "by-vm" || declared === "supported";
  return mode === "supported" || mode === "bypassed";
};
