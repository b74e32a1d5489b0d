import type { Artefact, OwnedArtefact, OwnedBy } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import type { Ownership } from "./api/ownership.ts";
import type { Reader } from "./client/session.ts";
import { orUndefined } from "./client/or-undefined.ts";
import { checkpointArtefact, listCheckpoints } from "./vm/our-checkpoint.ts";
import { artefactOf, findSnapshot } from "./vm/our-snapshot.ts";

/** Every snapshot and checkpoint on the host that carries a tag of ours. libvirt's lists have no pages; a failed one throws. */
export async function* owned(read: Reader, by: OwnedBy, signal: AbortSignal): AsyncGenerator<OwnedArtefact> {
  const domains = await read.libvirt.domains.list(0, { signal });
  for (const domain of domains) {
    const found = await taggedOf(read, domain, signal);
    for (const { artefact, ownership } of found)
      if (ownership !== undefined && isOwnedBy(ownership, domain, by))
        yield { ...artefact, tag: ownership.tag, use: "content" };
  }
}

interface Tagged {
  readonly artefact: Artefact;
  readonly ownership: Ownership | undefined;
}

/** Of a domain that is undefined meanwhile, none: libvirt forgets them with it. */
const taggedOf = async (read: Reader, domain: DomainRef, signal: AbortSignal): Promise<readonly Tagged[]> => {
  const refs = (await orUndefined(read.libvirt.snapshots.list(domain, 0, { signal }), "no-domain")) ?? [];
  const snapshots = await Promise.all(refs.map(({ name }) => findSnapshot(read, domain, name, { signal })));
  const checkpoints = (await orUndefined(listCheckpoints(read, domain, { signal }), "no-domain")) ?? [];
  return [
    ...snapshots.flatMap((one) => (one === undefined ? [] : [{ artefact: artefactOf(one), ownership: one.ownership }])),
    ...checkpoints.map(({ checkpoint, ownership }) => ({
      artefact: checkpointArtefact(domain.uuid, checkpoint.name),
      ownership,
    })),
  ];
};

const isOwnedBy = (ownership: Ownership, domain: DomainRef, { store, deployment, run }: OwnedBy): boolean =>
  ownership.domain === domain.uuid &&
  (store === undefined || ownership.tag.store === store) &&
  (deployment === undefined || ownership.tag.deployment === deployment) &&
  (run === undefined || ownership.tag.run === run);
