import type { Damage, InstanceId, Manifest, ManifestItem } from "@quiesce/core";
import { isStored } from "./stored-files.ts";

/** What a look at a provider showed: ids of the artefacts that are there, or why nobody could look. */
export type Look = { readonly artefacts: ReadonlySet<string> } | { readonly failed: string };

/** What a quick look at the repository showed: by file, what is wrong with it or with what it builds on. */
export type RepositoryLook = { readonly files: ReadonlyMap<string, readonly Damage[]> } | { readonly failed: string };

/** What is known of the artefacts now, or that nobody looked. */
export type Looks =
  | "offline"
  | { readonly providers: Readonly<Record<string, Look>>; readonly repository?: RepositoryLook };

export interface Restorable {
  readonly verdict: "yes" | "partly" | "no";
  readonly reason: string;
  readonly items: readonly { readonly instance: InstanceId; readonly usable: boolean; readonly why: string }[];
}

/** Can this set be restored now, wholly or partly, and why? A set of which nobody could look at the artefacts cannot. */
export const restorable = (set: Manifest, looks: Looks): Restorable => {
  const judged = new Map(set.items.map((item) => [item.instance, judge(item, looks)]));
  const items = set.items.map((item) => {
    // What lies inside another instance's artefact is as good as that artefact.
    const owner = item.coveredBy === undefined ? undefined : judged.get(item.coveredBy);
    const own = judged.get(item.instance) ?? lost("not in the set");
    const fate = own.usable && owner !== undefined && !owner.usable ? lost(`its ${item.coveredBy}: ${owner.why}`) : own;
    return { instance: item.instance, ...fate };
  });
  const bad = items.filter(({ usable }) => !usable);
  const told = bad.map(({ instance, why }) => `${instance} ${why}`).join("; ");
  if (items.length === 0) return { verdict: "no", reason: "the set is empty", items };
  if (bad.length === items.length) return { verdict: "no", reason: told, items };
  if (bad.length > 0) return { verdict: "partly", reason: told, items };
  if (!set.complete)
    return { verdict: "partly", reason: "its run did not end well, so instances may be missing", items };
  const checked = looks === "offline" ? "not re-checked" : `found ${placeOf(set)}`;
  return { verdict: "yes", reason: `all ${items.length} instance(s) are there, ${checked}`, items };
};

const placeOf = ({ items }: Manifest): string =>
  items.some(({ artefacts }) => artefacts.some(isStored)) ? "in the repository" : "at the provider";

interface Fate {
  readonly usable: boolean;
  readonly why: string;
}

const judge = (item: ManifestItem, looks: Looks): Fate => {
  if (item.status === "failed") return lost("failed");
  if (item.status === "captured") return lost("was captured, but its bytes were not completed");
  if (looks === "offline") return { usable: true, why: "not re-checked" };
  if (item.artefacts.length === 0) return { usable: true, why: "kept in the catalogue" };
  const inRepository = judgeFiles(item, looks.repository);
  return inRepository.usable ? judgeAtProvider(item, looks.providers[item.provider ?? ""]) : inRepository;
};

const judgeFiles = ({ artefacts }: ManifestItem, look: RepositoryLook | undefined): Fate => {
  const files = artefacts.filter(isStored);
  if (files.length === 0) return { usable: true, why: "found" };
  if (look === undefined) return lost("cannot be looked at: nothing is known of its repository");
  if ("failed" in look) return lost(`cannot be looked at: ${look.failed}`);
  const bad = files.flatMap(({ id }) => look.files.get(id) ?? []);
  return bad.length === 0
    ? { usable: true, why: "found" }
    : lost(`is damaged: ${bad.map(({ file, reason }) => `${file}: ${reason}`).join(", ")}`);
};

/** The point where the next increment starts is no part of the content: without it the next backup is a full one. */
const judgeAtProvider = ({ artefacts, base }: ManifestItem, look: Look | undefined): Fate => {
  const needed = artefacts.filter((artefact) => !isStored(artefact) && artefact.id !== base);
  if (needed.length === 0) return { usable: true, why: "found" };
  if (look === undefined) return lost("cannot be looked at: nothing is known of its provider");
  if ("failed" in look) return lost(`cannot be looked at: ${look.failed}`);
  const gone = needed.filter(({ id }) => !look.artefacts.has(id));
  return gone.length === 0
    ? { usable: true, why: "found" }
    : lost(`is lost: ${gone.map(({ kind, name }) => `${kind} ${name}`).join(", ")} is not there any more`);
};

const lost = (why: string): Fate & { readonly usable: false } => ({ usable: false, why });
