import type { DomainRef } from "@quiesce/node-libvirt";
import type { Ownership } from "../api/ownership.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { deleteCheckpoints } from "../vm/delete-checkpoints.ts";
import { deleteSnapshot } from "../vm/delete-snapshot.ts";
import { checkpointArtefact, listCheckpoints } from "../vm/our-checkpoint.ts";
import { artefactOf, findSnapshot } from "../vm/our-snapshot.ts";
import type { Found, Looking } from "./found.ts";

/** Snapshots of a machine with a tag in their description. Of one that is undefined meanwhile, none: libvirt forgets them with it. */
export const snapshotsOf = async ({ api, signal }: Looking, domain: DomainRef): Promise<readonly Found[]> => {
  const refs = (await orUndefined(api.libvirt.snapshots.list(domain, 0, { signal }), "no-domain")) ?? [];
  const found = await Promise.all(refs.map(({ name }) => findSnapshot(api, domain, name, { signal })));
  return found.flatMap((one) => {
    const tag = tagOf(one?.ownership, domain);
    if (one === undefined || tag === undefined) return [];
    const remove: Found["remove"] = (c) => deleteSnapshot(c, one);
    return [{ artefact: { ...artefactOf(one), tag, use: "content" as const }, remove }];
  });
};

export const checkpointsOf = async ({ api, signal }: Looking, domain: DomainRef): Promise<readonly Found[]> => {
  const found = (await orUndefined(listCheckpoints(api, domain, { signal }), "no-domain")) ?? [];
  return found.flatMap((one) => {
    const tag = tagOf(one.ownership, domain);
    if (tag === undefined) return [];
    const remove: Found["remove"] = (c) => deleteCheckpoints(c, domain, [one]);
    return [
      { artefact: { ...checkpointArtefact(domain.uuid, one.checkpoint.name), tag, use: "content" as const }, remove },
    ];
  });
};

/** A description that was copied from another machine proves nothing. */
const tagOf = (ownership: Ownership | undefined, { uuid }: DomainRef) =>
  ownership?.domain === uuid ? ownership.tag : undefined;
