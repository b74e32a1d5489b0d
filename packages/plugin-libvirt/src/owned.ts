import type { Artefact, OwnedBy } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import type { Reader } from "./client/session.ts";
import { orUndefined } from "./client/or-undefined.ts";
import { artefactOf, findSnapshot, type FoundSnapshot } from "./vm/our-snapshot.ts";

/** Every snapshot on the host that carries a tag of ours. libvirt's lists have no pages; a failed one throws. */
export async function* owned(read: Reader, by: OwnedBy, signal: AbortSignal): AsyncGenerator<Artefact> {
  const domains = await read.libvirt.domains.list(0, { signal });
  for (const domain of domains) {
    const snapshots = await snapshotsOf(read, domain, signal);
    for (const found of snapshots) if (isOwnedBy(found, by)) yield artefactOf(found);
  }
}

/** Of a domain that is undefined meanwhile, none: libvirt forgets its snapshots with it. */
const snapshotsOf = async (read: Reader, domain: DomainRef, signal: AbortSignal): Promise<readonly FoundSnapshot[]> => {
  const refs = (await orUndefined(read.libvirt.snapshots.list(domain, 0, { signal }), "no-domain")) ?? [];
  const found = await Promise.all(refs.map(({ name }) => findSnapshot(read, domain, name, { signal })));
  return found.flatMap((one) => one ?? []);
};

const isOwnedBy = ({ ref, ownership }: FoundSnapshot, { store, deployment, run }: OwnedBy): boolean =>
  ownership !== undefined &&
  ownership.domain === ref.domain.uuid &&
  ownership.tag.store === store &&
  (deployment === undefined || ownership.tag.deployment === deployment) &&
  (run === undefined || ownership.tag.run === run);
