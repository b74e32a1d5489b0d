import type { InstanceId } from "../model/id.ts";
import type { Disk } from "../plugin/survey.ts";
import { objectKey, objectOf, type Member } from "./member.ts";
import { byText } from "./by-text.ts";
import type { World } from "./world.ts";

/** Which machine holds which volume, over the whole deployment. */
export interface Attachments {
  /** Listed (and implied) instances by object at the provider: more than one where an object has two names. */
  readonly instancesOf: ReadonlyMap<string, readonly InstanceId[]>;
  /** Volume → the machines that hold it. */
  readonly machinesOf: ReadonlyMap<InstanceId, readonly InstanceId[]>;
  /** Volume → provider ids of machines that hold it and that the deployment does not list. */
  readonly strangersOf: ReadonlyMap<InstanceId, readonly string[]>;
  /** Machine → volume → the disk that it is there. */
  readonly diskOf: ReadonlyMap<InstanceId, ReadonlyMap<InstanceId, Disk>>;
}

/**
 * What the surveys say holds; a relation of the file counts only for a volume that nobody surveyed. `members` adds
 * implied volumes and items of a set.
 */
export const attachmentsOf = (world: World, members: readonly Member[]): Attachments => {
  const instancesOf = objectsOf(world, members);
  const holders = new Map<InstanceId, Set<InstanceId>>();
  const strangers = new Map<InstanceId, readonly string[]>();
  const diskOf = new Map<InstanceId, ReadonlyMap<InstanceId, Disk>>();
  const hold = (volume: InstanceId, machine: InstanceId): void => {
    const known = holders.get(volume);
    if (known === undefined) holders.set(volume, new Set([machine]));
    else known.add(machine);
  };
  for (const [id, survey] of world.surveys) {
    const disks = new Map<InstanceId, Disk>();
    for (const disk of survey.disks)
      for (const volume of disk.volume === undefined
        ? []
        : (instancesOf.get(objectKey(survey.account, disk.volume)) ?? [])) {
        disks.set(volume, disk);
        hold(volume, id);
      }
    diskOf.set(id, disks);
    const unlisted: string[] = [];
    for (const providerId of survey.attachedTo) {
      const machines = instancesOf.get(objectKey(survey.account, providerId)) ?? [];
      if (machines.length === 0) unlisted.push(providerId);
      for (const machine of machines) hold(id, machine);
    }
    if (unlisted.length > 0) strangers.set(id, unlisted.sort(byText));
  }
  for (const [volume, machine] of claimed(world, members)) hold(volume, machine);
  const machinesOf = new Map([...holders].map(([volume, machines]) => [volume, [...machines].sort(byText)]));
  return { instancesOf, machinesOf, strangersOf: strangers, diskOf };
};

const objectsOf = (world: World, members: readonly Member[]): ReadonlyMap<string, readonly InstanceId[]> => {
  const ids = new Map<string, InstanceId[]>();
  const add = (key: string | undefined, id: InstanceId): void => {
    const known = key === undefined ? undefined : ids.get(key);
    if (known !== undefined) {
      if (!known.includes(id)) known.push(id);
    } else if (key !== undefined) ids.set(key, [id]);
  };
  for (const [id, survey] of world.surveys) add(objectKey(survey.account, survey.providerId), id);
  for (const member of members) add(objectOf(member), member.id);
  for (const list of ids.values()) if (list.length > 1) list.sort(byText);
  return ids;
};

/** Attachments that are only written down: in a relation of the file, in the set's `coveredBy`. */
const claimed = (world: World, members: readonly Member[]): readonly (readonly [InstanceId, InstanceId])[] => {
  const pairs: (readonly [InstanceId, InstanceId])[] = [];
  for (const { kind, relations, id } of world.instances.values())
    if (kind === "volume" && !world.surveys.has(id))
      for (const { type, to } of relations)
        if ((type === "attached_to" || type === "contained_in") && world.instances.get(to)?.kind === "vm")
          pairs.push([id, to]);
  for (const { id, item } of members) if (item?.coveredBy !== undefined) pairs.push([id, item.coveredBy]);
  return pairs;
};
