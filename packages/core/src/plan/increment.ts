import type { JsonObject } from "../model/json.ts";
import type { Manifest, ManifestItem } from "../model/manifest.ts";
import { byBackupId, chainOf } from "../retention/chain.ts";
import type { Member } from "./member.ts";
import type { Planning, World } from "./world.ts";

/** The longest chain: after so many increments the next backup is a full one. */
const maxIncrements = 14;

/** How much a capture stores: its `input`, and in words the set that it is a difference to. */
export interface Extent {
  readonly input: JsonObject;
  readonly since?: string;
}

const full: Extent = { input: { parent: "full" } };

/**
 * A difference to the newest set, where the user wants one and the chain allows it; else all, with the reason in the
 * input and as a note. A network has a definition only, and is always stored whole.
 */
export const extentOf = ({ world, findings }: Planning, member: Member): Extent => {
  if (!world.options.incremental || member.target.kind === "network") return full;
  const found = parentOf(world, member);
  if ("since" in found) return found;
  const why = found.why.replace(/\.$/, "");
  findings.notes.push({ about: member.id, message: `${member.id}: full, because ${why}.` });
  return { input: { parent: "full", why } };
};

const parentOf = (world: World, member: Member): Required<Extent> | { readonly why: string } => {
  const { survey } = member;
  if (survey?.noIncrement !== undefined) return { why: survey.noIncrement };
  const newest = newestOf(world, member);
  if (newest === undefined) return { why: "there is no complete backup of it that an increment can build on" };
  const { set, item, base } = newest;
  if (item.providerId !== member.target.providerId)
    return { why: `${set.name} was taken of another object (${item.providerId})` };
  if (set.repository?.id !== world.repository?.id) return { why: elsewhere(set, world) };
  const chain = chainOf(set, item.instance, byBackupId(world.sets));
  if (chain.is === "broken") return { why: chain.reason };
  const increments = chain.links.length - 1;
  if (increments >= maxIncrements) return { why: `${set.name} ends a chain of ${increments} increments` };
  if (!(survey?.bases ?? []).includes(base))
    return { why: `what changed since ${set.name} is not known any more (${base} is gone)` };
  const artefacts = item.artefacts.map((artefact) => ({ ...artefact }));
  return { input: { parent: { backup: set.id, base, artefacts } }, since: set.name };
};

interface Parent {
  readonly set: Manifest;
  readonly item: ManifestItem;
  readonly base: string;
}

/** The newest by the catalogue's order, never by the clock. A set whose run did not end well is no parent. */
const newestOf = ({ sets }: World, { id, provider }: Member): Parent | undefined => {
  for (const set of sets) {
    if (set.kind !== "backup" || !set.complete) continue;
    const item = set.items.find((one) => one.instance === id && one.provider === provider && one.status === "ok");
    if (item?.base !== undefined) return { set, item, base: item.base };
  }
  return undefined;
};

const elsewhere = ({ name, repository }: Manifest, world: World): string =>
  `${name} lies in ${repository === undefined ? "no repository" : `another repository (${repository.location})`}${world.repository === undefined ? ", and this run has none" : ""}`;
