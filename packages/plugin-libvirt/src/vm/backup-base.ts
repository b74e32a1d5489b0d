import { isProviderFailure, type Artefact, type ParentSet } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import { backupArtefacts } from "./backup-record.ts";
import type { Backing } from "./backup-context.ts";
import { deleteCheckpoint } from "./delete-checkpoints.ts";
import { markedDisks, type Mark } from "./marked-disks.ts";
import { checkpointNameOf, isOurs, type FoundCheckpoint } from "./our-checkpoint.ts";

/** From where each disk's increment starts: a checkpoint's name, or why the disk is copied whole. */
export type Base = { readonly since: string } | { readonly whole: string | undefined };

/** What is asked of a disk before it may be an increment. */
interface Asked {
  readonly name: string;
  readonly tracked: boolean;
  /** Size of the disk now; undefined where nobody knows before the copy. */
  readonly bytes: number | undefined;
}

/**
 * Decides for each disk, before the freeze, whether it can be an increment to the parent set. Each that cannot is copied whole
 * by itself: one broken bitmap does not cost the other disks their increments.
 */
export const basesOf = async (
  c: Backing,
  host: DomainRef,
  disks: readonly Asked[],
): Promise<ReadonlyMap<string, Base>> => {
  const { parent } = c.input;
  if (parent === "full") return new Map(disks.map(({ name }) => [name, { whole: undefined }]));
  const checkpoint = checkpointNameOf(parent.base, c.target.providerId);
  const marked = checkpoint === undefined ? undefined : await markedDisks(c, host, checkpoint);
  const bases = disks.map(async (disk): Promise<readonly [string, Base]> => {
    const why = await wholeReason(c, disk, parent, marked);
    return [disk.name, why === undefined && checkpoint !== undefined ? { since: checkpoint } : { whole: why }];
  });
  return new Map(await Promise.all(bases));
};

const wholeReason = async (
  c: Backing,
  { name, tracked, bytes }: Asked,
  parent: ParentSet,
  marked: ReadonlyMap<string, Mark> | undefined,
): Promise<string | undefined> => {
  if (!tracked) return "only qcow2 keeps track of its changes";
  if (marked === undefined) return "the checkpoint of the last backup is gone";
  const stored = storedDisk(parent, name);
  const mark = marked.get(name);
  if (stored === undefined || mark === undefined) return "the last backup does not hold this disk";
  if (mark === "lost") return "its list of changes is lost, as after a crash of QEMU";
  return await parentReason(c, stored, bytes);
};

export const storedDisk = ({ artefacts }: ParentSet, disk: string): Artefact | undefined =>
  artefacts.find(({ kind, name }) => kind === backupArtefacts.disk && name === disk);

/** An increment on top of what cannot be read would be one that cannot be restored. */
const parentReason = async (c: Backing, { id }: Artefact, bytes: number | undefined): Promise<string | undefined> => {
  try {
    const content = await c.repository.openDisk(id);
    await content.close();
    return bytes === undefined || content.bytes === bytes
      ? undefined
      : `its size changed from ${content.bytes} to ${bytes} bytes`;
  } catch (thrown) {
    if (!isProviderFailure(thrown) || (thrown.problem.code !== "damaged" && thrown.problem.code !== "not-found"))
      throw thrown;
    return `the last backup of it cannot be read: ${thrown.problem.message}`;
  }
};

/**
 * Deletes checkpoints of this store that no disk can use any more. Where QEMU does not know their bitmaps either, libvirt only
 * forgets them.
 */
export const dropBroken = async (
  c: Backing,
  host: DomainRef,
  found: readonly FoundCheckpoint[],
): Promise<readonly string[]> => {
  const dropped: string[] = [];
  for (const one of found.filter((each) => isOurs(each, c.tag.store))) {
    const marked = await markedDisks(c, host, one.checkpoint.name);
    if (marked === undefined || [...marked.values()].includes("known")) continue;
    await deleteCheckpoint(c, one);
    dropped.push(one.checkpoint.name);
  }
  return dropped;
};
