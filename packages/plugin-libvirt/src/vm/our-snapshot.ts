import { failure, type Artefact } from "@quiesce/core";
import type { CallOptions, DomainRef, SnapshotRef } from "@quiesce/node-libvirt";
import { ownershipOf, type Ownership } from "../api/ownership.ts";
import { readSnapshot, type Snapshot } from "../api/snapshot.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader } from "../client/session.ts";

const artefactKind = "domain-snapshot";

export interface FoundSnapshot {
  readonly ref: SnapshotRef;
  readonly snapshot: Snapshot;
  /** Undefined for one that carries no whole tag of ours. */
  readonly ownership: Ownership | undefined;
}

/** Whether a domain has a snapshot with a name, whosever it is: one call, which is all that an absent one needs. */
export const hasSnapshot = async (
  { libvirt: { snapshots } }: Pick<Reader, "libvirt">,
  domain: DomainRef,
  name: string,
  options: CallOptions,
): Promise<boolean> => (await orUndefined(snapshots.byName(domain, name, options), "no-snapshot")) !== undefined;

/** The snapshot of a domain with a name, whosever it is; undefined when there is none. */
export const findSnapshot = async (
  { libvirt: { snapshots } }: Pick<Reader, "libvirt">,
  domain: DomainRef,
  name: string,
  options: CallOptions,
): Promise<FoundSnapshot | undefined> => {
  const ref = await orUndefined(snapshots.byName(domain, name, options), "no-snapshot");
  const xml = ref && (await orUndefined(snapshots.xml(ref, 0, options), "no-snapshot"));
  if (ref === undefined || xml === undefined) return undefined;
  const snapshot = readSnapshot(xml);
  return { ref, snapshot, ownership: ownershipOf(snapshot.description) };
};

/** libvirt knows a snapshot by its name within its domain; both are in the id, so that it is unique on a host. */
export const artefactOf = ({ ref, snapshot }: FoundSnapshot): Artefact => ({
  kind: artefactKind,
  id: `${ref.domain.uuid}/${snapshot.name}`,
  owner: ref.domain.uuid,
  name: snapshot.name,
});

/** The snapshot's name in an artefact that is to be restored or removed. Throws when it is not one of this machine's. */
export const snapshotNameOf = ({ kind, id, owner }: Artefact, domain: string): string => {
  const prefix = `${domain}/`;
  if (kind === artefactKind && owner === domain && id.startsWith(prefix)) return id.slice(prefix.length);
  throw failure(
    "invalid",
    `The artefact ${id} (${kind} of ${owner}) is no snapshot of the machine ${domain}; nothing was touched.`,
  );
};

/** Throws unless the snapshot carries the tag of this store and of this very machine. */
export const assertOurs = ({ ref, snapshot, ownership }: FoundSnapshot, store: string): Ownership => {
  if (ownership?.tag.store === store && ownership.domain === ref.domain.uuid) return ownership;
  const whose = ownership === undefined ? "carries no mark of Quiesce" : `belongs to the store ${ownership.tag.store}`;
  throw failure(
    "conflict",
    `The snapshot ${snapshot.name} of ${ref.domain.name} ${whose}; it was not touched. ` +
      `If you want it gone: virsh snapshot-delete ${ref.domain.name} ${snapshot.name}`,
  );
};
