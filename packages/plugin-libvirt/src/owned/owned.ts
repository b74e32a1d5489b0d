import type { OwnedArtefact, OwnedBy, OwnershipTag } from "@quiesce/core";
import { poolListFlags } from "@quiesce/node-libvirt";
import type { Reader } from "../client/session.ts";
import { foundOn } from "./found-on.ts";
import { volumesOf } from "./volumes.ts";

/**
 * Everything on the host that provably is of Quiesce, what works before what it works with: jobs before scratch files. libvirt's
 * lists have no pages; a failed one throws.
 */
export async function* owned(read: Reader, by: OwnedBy, signal: AbortSignal): AsyncGenerator<OwnedArtefact> {
  const c = { api: read, signal };
  for (const domain of await read.libvirt.domains.list(0, { signal }))
    for (const { artefact } of await foundOn(c, domain)) if (isOwnedBy(artefact.tag, by)) yield artefact;
  for (const pool of await read.libvirt.pools.list(poolListFlags.active, { signal }))
    for (const { artefact } of await volumesOf(c, pool)) if (isOwnedBy(artefact.tag, by)) yield artefact;
}

const isOwnedBy = (tag: OwnershipTag, { store, deployment, run }: OwnedBy): boolean =>
  (store === undefined || tag.store === store) &&
  (deployment === undefined || tag.deployment === deployment) &&
  (run === undefined || tag.run === run);
