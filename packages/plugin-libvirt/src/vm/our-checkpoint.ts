import { failure, type Artefact, type OwnershipTag } from "@quiesce/core";
import { checkpointXmlFlags, type CallOptions, type CheckpointRef, type DomainRef } from "@quiesce/node-libvirt";
import { readCheckpoint, type Checkpoint } from "../api/checkpoint.ts";
import { isSameTag } from "../api/mark.ts";
import { ownershipOf, type Ownership } from "../api/ownership.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader } from "../client/session.ts";
import { backupArtefacts } from "./backup-record.ts";

export interface FoundCheckpoint {
  readonly ref: CheckpointRef;
  readonly checkpoint: Checkpoint;
  /** Undefined for one that carries no whole tag of ours. */
  readonly ownership: Ownership | undefined;
}

type Api = Pick<Reader, "libvirt">;

/** The checkpoint of a domain with a name, whosever it is; undefined when there is none. */
export const findCheckpoint = async (
  api: Api,
  domain: DomainRef,
  name: string,
  options: CallOptions,
): Promise<FoundCheckpoint | undefined> => {
  const ref = await orUndefined(api.libvirt.checkpoints.byName(domain, name, options), "no-checkpoint", "no-support");
  return ref && (await foundAt(api, ref, options));
};

/** All checkpoints of a domain, newest first. A driver without checkpoints has none. */
export const listCheckpoints = async (
  api: Api,
  domain: DomainRef,
  options: CallOptions,
): Promise<readonly FoundCheckpoint[]> => {
  const refs = await orUndefined(api.libvirt.checkpoints.list(domain, 0, options), "no-support");
  const found = await Promise.all((refs ?? []).map((ref) => foundAt(api, ref, options)));
  return newestFirst(found.flatMap((one) => one ?? []));
};

/** Several may be of the same second; then the one with more before it is newer. */
const newestFirst = (found: readonly FoundCheckpoint[]): readonly FoundCheckpoint[] => {
  const parents = new Map(found.map(({ checkpoint: { name, parent } }) => [name, parent]));
  const depth = ({ checkpoint }: FoundCheckpoint): number => {
    let steps = 0;
    for (let at = checkpoint.parent; at !== undefined && steps < found.length; at = parents.get(at)) steps += 1;
    return steps;
  };
  return found.toSorted((a, b) => b.checkpoint.createdAt - a.checkpoint.createdAt || depth(b) - depth(a));
};

const foundAt = async (api: Api, ref: CheckpointRef, options: CallOptions): Promise<FoundCheckpoint | undefined> => {
  const xml = await orUndefined(
    api.libvirt.checkpoints.xml(ref, checkpointXmlFlags.noDomain, options),
    "no-checkpoint",
  );
  if (xml === undefined) return undefined;
  const checkpoint = readCheckpoint(xml);
  return { ref, checkpoint, ownership: ownershipOf(checkpoint.description) };
};

/** Made by this store for this very machine. */
export const isOurs = ({ ref, ownership }: FoundCheckpoint, store: string): boolean =>
  ownership?.tag.store === store && ownership.domain === ref.domain.uuid;

/** Throws unless the checkpoint is ours. */
export const assertOurCheckpoint = (found: FoundCheckpoint, store: string): Ownership => {
  const { ref, checkpoint, ownership } = found;
  if (ownership !== undefined && isOurs(found, store)) return ownership;
  const whose = ownership === undefined ? "carries no mark of Quiesce" : `belongs to the store ${ownership.tag.store}`;
  throw failure(
    "conflict",
    `The checkpoint ${checkpoint.name} of ${ref.domain.name} ${whose}; it was not touched. ` +
      `If you want it gone: virsh checkpoint-delete ${ref.domain.name} ${checkpoint.name}`,
  );
};

/** Throws unless it is of this very run: a name alone is a label. */
export const assertCheckpointOfRun = (found: FoundCheckpoint, tag: OwnershipTag): void => {
  const { tag: its } = assertOurCheckpoint(found, tag.store);
  if (isSameTag(its, tag)) return;
  throw failure(
    "conflict",
    `The checkpoint ${found.checkpoint.name} of ${found.ref.domain.name} was made by the run ${its.run} of ${its.deployment}; it was not touched.`,
  );
};

/** libvirt knows a checkpoint by its name within its domain; both are in the id, so that it is unique on a host. */
export const checkpointId = (domain: string, name: string): string => `${domain}/${name}`;

export const checkpointArtefact = (domain: string, name: string): Artefact => ({
  kind: backupArtefacts.checkpoint,
  id: checkpointId(domain, name),
  owner: domain,
  name,
});

/** The checkpoint's name in the id of one of this machine's; undefined for anything else. */
export const checkpointNameOf = (id: string, domain: string): string | undefined =>
  id.startsWith(`${domain}/`) ? id.slice(domain.length + 1) : undefined;
